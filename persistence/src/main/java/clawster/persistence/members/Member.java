package clawster.persistence.members;

import java.util.Locale;

/**
 * A node as the database knows it.
 *
 * @param number tells it from every other that ever was a node
 * @param address where other nodes reach it, {@code host:port}
 * @param uid what its remoting calls itself there; a later process at the same address has another
 * @param url where callers reach it; empty while it serves none
 * @param alive whether its process holds its lock, which it loses only with its connection
 */
public record Member(
    int number, String name, String address, long uid, String url, State state, boolean alive) {

  /** What became of it, as far as it or those who saw it go have said. */
  public enum State {
    /** Wants to become a member. */
    STARTING,
    UP,
    /** Is about to go. */
    LEAVING,
    /** Is none any more, and must never again act as one. */
    REMOVED;

    static State of(String column) {
      return valueOf(column.toUpperCase(Locale.ROOT));
    }

    String column() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public MemberId id() {
    return new MemberId(address, uid);
  }

  /** Whether others may count on it. */
  public boolean serves() {
    return alive && state == State.UP;
  }
}
