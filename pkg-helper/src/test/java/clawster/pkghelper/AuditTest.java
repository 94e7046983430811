package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class AuditTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Audit audit =
      new Audit(new PrintStream(out), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @Test
  void aNoteIsALine() {
    audit.note("peer.refused", "peer", "nobody");
    assertEquals(
        "{\"time\":\"1970-01-01T00:00:00Z\",\"event\":\"peer.refused\",\"peer\":\"nobody\"}\n",
        out.toString());
  }

  @Test
  void nobodyForgesALineOrFillsTheLog() {
    audit.note("x", "line", "a\n{\"event\":\"started\"}\r\u2028\u001b[2J\u202e" + "x".repeat(9000));
    assertEquals(1, out.toString().lines().count());
    assertTrue(out.toString().chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127));
    assertTrue(out.size() < 400);
  }

  /** As a node does that asks the same thing in a loop, and then never again. */
  @Test
  void repetitionsAreToldWithoutAnotherNote() throws Exception {
    var now = new AtomicReference<>(Instant.EPOCH);
    var repetitive = new Audit(new PrintStream(out), now::get);
    var teller = Thread.ofPlatform().daemon().start(repetitive::keepTelling);
    for (int i = 0; i < 4; i++) {
      repetitive.note("peer.refused", "peer", "nobody");
    }
    assertEquals(1, out.toString().lines().count());
    now.set(Instant.EPOCH.plus(Repetition.AGAIN));
    Await.until("it is told", () -> out.toString().lines().count() == 2);
    assertTrue(
        out.toString()
            .endsWith(
                "\"event\":\"repeated\",\"of\":\"peer.refused\",\"times\":\"3\",\"peer\":\"nobody\"}\n"),
        out::toString);
    teller.interrupt();
    teller.join();
  }

  @Test
  void theLastCountIsToldAtTheEnd() {
    audit.note("peer.refused", "peer", "nobody");
    audit.note("peer.refused", "peer", "nobody");
    audit.close();
    assertTrue(out.toString().contains("\"times\":\"1\""), out::toString);
  }
}
