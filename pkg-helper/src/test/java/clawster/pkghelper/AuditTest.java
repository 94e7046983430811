package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
}
