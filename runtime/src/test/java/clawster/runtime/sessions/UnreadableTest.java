package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.StorageAway;
import java.io.IOException;
import java.io.NotSerializableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.RecoveryTimedOut;
import org.junit.jupiter.api.Test;
import scala.concurrent.duration.FiniteDuration;

/** What recovery can fail with, and what that says. */
final class UnreadableTest {

  private static final SessionEvent EVENT = new SessionEvent.Reset(Some.NOON);

  /** Whether somebody has to mend a row. */
  private static final Map<Throwable, Boolean> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put(new NotSerializableException("unknown wire name session.moved.v7"), true);
    TABLE.put(new CompletionException(new NotSerializableException("unreadable")), true);
    TABLE.put(
        new Unreadable.EventRefused(EVENT, new IllegalStateException("there is no session")), true);
    TABLE.put(new ClassCastException("a String is no SessionEvent"), true);
    TABLE.put(new IllegalArgumentException("no manifest for that"), true);
    TABLE.put(new NullPointerException(), true);
    TABLE.put(new ArrayIndexOutOfBoundsException(7), true);
    TABLE.put(
        new IllegalStateException("Invalid replayed event [sequenceNr=3] of another writer"), true);
    TABLE.put(new SQLException("the connection was reset"), false);
    TABLE.put(new SQLTransientConnectionException("not available after 3000 ms"), false);
    TABLE.put(new IllegalStateException("the pool is closed"), false);
    TABLE.put(new IOException("broken pipe"), false);
    TABLE.put(new TimeoutException("10 s"), false);
    TABLE.put(new RecoveryTimedOut("no event within 30 s"), false);
    TABLE.put(new RejectedExecutionException("queue is full"), false);
    TABLE.put(
        new CircuitBreakerOpenException(
            FiniteDuration.create(1, java.util.concurrent.TimeUnit.SECONDS), "open"),
        false);
    TABLE.put(new CompletionException(new Away()), false);
    TABLE.put(new RuntimeException("nobody knows"), false);
  }

  private static final class Away extends StorageAway {
    private static final long serialVersionUID = 1L;

    Away() {
      super("away");
    }
  }

  @Test
  void onlyWhatIsAboutTheRowsMakesASessionUnreadable() {
    TABLE.forEach(
        (failure, unreadable) ->
            assertEquals(
                unreadable, Unreadable.reason(failure).isPresent(), () -> failure.toString()));
  }

  @Test
  void aReasonSaysWhichEventAndIsShort() {
    var refused = new Unreadable.EventRefused(EVENT, new IllegalStateException("x".repeat(1_000)));
    var reason = Unreadable.reason(refused).orElseThrow();
    assertTrue(reason.startsWith("EventRefused: Reset cannot follow"), reason);
    assertTrue(reason.length() < 250, reason);
  }

  @Test
  void causesInACircleAreFollowedForAWhile() {
    var one = new RuntimeException("one");
    one.initCause(new RuntimeException("two", one));
    assertEquals(Optional.empty(), Unreadable.reason(one));
  }
}
