package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ActivityTest {

  private final AtomicLong now = new AtomicLong();
  private final Activity activity = new Activity(now::get);

  private Set<String> quietLater() {
    now.addAndGet(Activity.QUIET.toNanos());
    return activity.quiet();
  }

  @Test
  void aShardIsQuietWhenNoneOfItsSessionsHasHadARunForAWhile() {
    var one = activity.enter("7");
    var other = activity.enter("7");
    assertEquals(2, activity.sessions());
    assertEquals(Set.of(), activity.quiet());
    assertEquals(Set.of("7"), quietLater());
    one.open(2);
    other.open(1);
    assertEquals(3, activity.runs());
    assertEquals(Set.of(), quietLater());
    one.open(0);
    assertEquals(Set.of(), quietLater());
    other.leave();
    assertEquals(Set.of(), activity.quiet());
    assertEquals(Set.of("7"), quietLater());
    assertEquals(1, activity.sessions());
    assertEquals(0, activity.runs());
  }

  @Test
  void whoHasLeftIsNotCountedAgain() {
    var session = activity.enter("7");
    session.open(1);
    session.leave();
    session.leave();
    session.open(1);
    assertEquals(0, activity.sessions());
    assertEquals(0, activity.runs());
  }
}
