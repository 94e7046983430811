package clawster.node;

import clawster.http.kernel.Router;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.DialectSettings;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.config.Setting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a node listens at: its front door, and those of dialects that have one to themselves.
 */
record Doors(Settings settings) {

  private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

  /** How long answers may take to end once nobody waits for them any more. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** How a setting is looked up. */
  private interface Lookup {
    <T> T get(Setting<T> setting);
  }

  FrontDoor front() {
    return new FrontDoor(settings.bind(), settings.port());
  }

  /**
   * Nodes of one machine have one each.
   *
   * @throws StartRefused if it would let in everybody
   */
  FrontDoor of(DialectSettings dialect, LiveConfig config) {
    return of(dialect, config::get);
  }

  private FrontDoor of(DialectSettings dialect, Lookup set) {
    var bind = set.get(dialect.bind());
    if (!settings.mayListenAt(bind)) {
      throw new StartRefused(
          "without a token %s must be a loopback address, not %s"
              .formatted(dialect.bind().name(), bind));
    }
    return new FrontDoor(bind, set.get(dialect.port()) + settings.node() - 1);
  }

  /** Whether this node could serve with that. */
  boolean canBeOpened(ConfigDocument document) {
    try {
      GatewaySettings.DIALECTS.stream()
          .filter(dialect -> document.get(dialect.port()) > 0)
          .forEach(dialect -> of(dialect, document::get).checkFree());
      return true;
    } catch (StartRefused e) {
      LOG.warn("What is set cannot be had here: {}", e.getMessage());
      return false;
    }
  }

  /** Blocks until callers can come in, and closes it when the node ends. */
  static InetSocketAddress open(FrontDoor door, Router router, Foundation base) {
    var binding = door.open(base.system(), router);
    base.held()
        .add(
            () ->
                binding
                    .terminate(LAST_WORDS)
                    .toCompletableFuture()
                    .get(LAST_WORDS.toSeconds() + 2, TimeUnit.SECONDS));
    return binding.localAddress();
  }
}
