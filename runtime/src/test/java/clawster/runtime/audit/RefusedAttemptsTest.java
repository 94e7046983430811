package clawster.runtime.audit;

import static clawster.runtime.audit.AuditLogContract.NOON;
import static clawster.runtime.audit.AuditLogContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.runtime.kernel.HandClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RefusedAttemptsTest {

  private final HandClock clock = new HandClock(NOON);
  private final InMemoryAuditLog log = new InMemoryAuditLog();
  private final RefusedAttempts refused = new RefusedAttempts(log, clock);

  private void note(String address) {
    note(address, address);
  }

  private void note(String network, String address) {
    refused.note(
        new RefusedAttempts.Attempt(
            Actor.ANYBODY, "DELETE /things", "request.unauthorized", network),
        Optional.of(address));
  }

  private List<AuditEntry> entries() {
    done(refused.tell());
    return done(log.list(AuditLog.Query.all(1_000, 0))).entries();
  }

  private static String count(AuditEntry entry) {
    return entry.details().get("count");
  }

  @Test
  void oneAttemptIsOneEntry() {
    note("::1");
    var entry = entries().getFirst();
    assertEquals("request.refused", entry.action());
    assertEquals(Optional.of("DELETE /things"), entry.entityId());
    assertEquals(Optional.of("::1"), entry.address());
    assertEquals("request.unauthorized", entry.details().get("reason"));
    assertEquals("1", count(entry));
    assertEquals(1, entries().size());
  }

  @Test
  void manyOfASortAreCounted() {
    note("::1");
    assertEquals(1, entries().size());
    for (int i = 0; i < 999; i++) {
      note("::1");
    }
    clock.passes(Duration.ofSeconds(9));
    note("::1");
    var entry = entries().getFirst();
    assertEquals("1001", count(entry));
    assertEquals(NOON.plusSeconds(9).toString(), entry.details().get("last"));
    assertEquals(1, entries().size());
  }

  @Test
  void afterAWhileThereIsANewEntry() {
    note("::1");
    entries();
    clock.passes(RefusedAttempts.WINDOW.minusNanos(1));
    entries();
    note("::1");
    assertEquals(1, entries().size());
    clock.passes(Duration.ofNanos(1));
    entries();
    note("::1");
    assertEquals(List.of("1", "2"), entries().stream().map(e -> count(e)).toList());
  }

  @Test
  void whatNeverEndsBeginsAgainToo() {
    for (int i = 0; i < 750; i++) {
      note("::1");
      clock.passes(RefusedAttempts.TOLD_EVERY);
      done(refused.tell());
    }
    assertEquals(
        List.of("150", "300", "300"), entries().stream().map(entry -> count(entry)).toList());
  }

  /** Whoever has one of its addresses has all of them. */
  @Test
  void aNetworkIsOneSortAndTheEntryShowsItsFirstAddress() {
    for (int i = 1; i <= 200; i++) {
      note("2001:db8:0:0::/64", "2001:db8::" + i);
    }
    note("203.0.113.9");
    var entries = entries();
    assertEquals(2, entries.size());
    assertEquals(
        List.of("1", "200"), entries.stream().map(entry -> count(entry)).sorted().toList());
    assertEquals(
        Set.of("2001:db8::1", "203.0.113.9"),
        entries.stream().map(entry -> entry.address().orElseThrow()).collect(Collectors.toSet()));
  }

  /** However many addresses an attacker has. */
  @Test
  void sortsAreBoundedAndNoneIsLost() {
    for (int i = 0; i < 10_000; i++) {
      note("2001:db8::" + i);
    }
    var entries = entries();
    assertEquals(RefusedAttempts.MOST + 1, entries.size());
    assertEquals(10_000, entries.stream().mapToInt(entry -> Integer.parseInt(count(entry))).sum());
  }

  @Test
  void whatCannotBeStoredIsStoredLater() {
    note("::1");
    log.away(true);
    assertThrows(CompletionException.class, () -> done(refused.tell()));
    clock.passes(RefusedAttempts.WINDOW.multipliedBy(2));
    note("::1");
    log.away(false);
    assertEquals(List.of("2"), entries().stream().map(e -> count(e)).toList());
  }
}
