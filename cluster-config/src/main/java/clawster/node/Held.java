package clawster.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node has to give back when it ends, the newest first. */
final class Held implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Held.class);

  private final Deque<AutoCloseable> things = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  /** All of it, whatever fails. */
  @Override
  public void close() {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (Exception e) {
        LOG.warn("While stopping: {}", e.toString());
      }
    }
  }
}
