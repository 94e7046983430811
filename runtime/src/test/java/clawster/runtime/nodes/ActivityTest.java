package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ActivityTest {

  private final Activity activity = new Activity();

  @Test
  void aShardIsAtWorkWhileOneOfItsSessionsIs() {
    var one = activity.enter("7");
    var other = activity.enter("7");
    assertEquals(2, activity.sessions());
    assertEquals(Set.of(), activity.busy());
    one.open(2);
    other.open(1);
    assertEquals(3, activity.runs());
    one.open(0);
    assertEquals(Set.of("7"), activity.busy());
    other.leave();
    assertEquals(Set.of(), activity.busy());
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
