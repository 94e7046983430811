package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.nodes.UnreadableSessions.Told;
import clawster.runtime.nodes.UnreadableSessions.Unreadable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnreadableSessionsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final UnreadableSessions sessions = new UnreadableSessions();

  @Test
  void aSessionIsSaidOnceAnHour() {
    assertTrue(sessions.found("a", "no event", NOON));
    assertTrue(sessions.found("b", "no event", NOON.plusSeconds(1)));
    assertFalse(sessions.found("a", "no event", NOON.plusSeconds(10)));
    assertFalse(sessions.found("a", "no event", NOON.plus(Duration.ofMinutes(59))));
    assertTrue(sessions.found("a", "no event", NOON.plus(Duration.ofHours(1))));
    assertFalse(sessions.found("a", "no event", NOON.plus(Duration.ofMinutes(61))));
  }

  @Test
  void itIsToldSinceWhenAndWhyNow() {
    sessions.found("a", "one thing", NOON);
    sessions.found("a", "another", NOON.plusSeconds(10));
    assertEquals(new Told(1, List.of(new Unreadable("a", "another", NOON))), sessions.told());
    sessions.gone("a");
    assertEquals(Told.NONE, sessions.told());
  }

  @Test
  void ofManyTheOldestAreTold() {
    for (int i = 0; i < 12_000; i++) {
      sessions.found("session " + i, "no event", NOON.plusMillis(i));
    }
    assertEquals(10_000, sessions.told().count());
    assertEquals(20, sessions.told().first().size());
    assertEquals("session 0", sessions.told().first().getFirst().session());
    assertEquals("session 19", sessions.told().first().getLast().session());
  }
}
