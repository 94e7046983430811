package clawster.cluster;

import com.typesafe.config.Config;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Processes known to be dead, whose heartbeats need not be missed first. What is written here was
 * seen by this process, and stays until the cluster has let the member go.
 */
final class Obituaries {

  private static final Set<String> DEAD = ConcurrentHashMap.newKeySet();

  private Obituaries() {}

  static void write(Address dead) {
    DEAD.add(dead.toString());
  }

  /** Another process may come to live there. */
  static void forget(Address removed) {
    DEAD.remove(removed.toString());
  }

  /** Hears heartbeats, and believes obituaries. Made by Pekko, by its name in the settings. */
  static final class Reader extends PhiAccrualFailureDetector {

    private volatile String address = "";

    public Reader(Config config, EventStream events) {
      super(config, events);
    }

    @Override
    public void setAddress(String monitored) {
      super.setAddress(monitored);
      address = monitored;
    }

    @Override
    public boolean isAvailable() {
      return !DEAD.contains(address) && super.isAvailable();
    }
  }
}
