package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MembersAliveTest {

  private static Member member(int number, boolean alive) {
    return new Member(number, "node", "127.0.0.1:1", number, "", Member.State.UP, alive);
  }

  @Test
  void aNodeIsAliveAsLongAsItGivesASignOfLife() {
    var census =
        new Census(
            7,
            List.of(member(7, true), member(8, true), member(9, false)),
            Optional.empty(),
            Duration.ofHours(1));
    var nodes = new MembersAlive(() -> census);
    assertEquals("7", nodes.self());
    assertTrue(nodes.isAlive("7"));
    assertTrue(nodes.isAlive("8"));
    assertFalse(nodes.isAlive("9"));
    assertFalse(nodes.isAlive("6"));
    assertFalse(nodes.isAlive(""));
  }
}
