package clawster.runtime.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every keeper of entries does. */
public interface AuditLogContract {

  Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

  /** Without any entry. */
  AuditLog log();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static AuditEntry entry(Action action, String actor, String entity, int seconds) {
    return AuditEntry.of(
            action, new Actor("api_key", actor), Optional.of("::1"), NOON.plusSeconds(seconds))
        .about(entity);
  }

  private static AuditLog.Page all(AuditLog log) {
    return done(log.list(AuditLog.Query.all(10, 0)));
  }

  @Test
  default void whereThereIsNothingAPageIsEmpty() {
    assertEquals(new AuditLog.Page(List.of(), 0), all(log()));
  }

  @Test
  default void anEntryIsListedAsItWasPut() {
    var log = log();
    var whole =
        entry(Action.SESSION_PATCHED, "k'); --", "agent:default:ü \"名前\" 🦀", 0)
            .with("user", "ann{}\\");
    var bare =
        AuditEntry.of(Action.REQUEST_REFUSED, Actor.ANYBODY, Optional.empty(), NOON.minusNanos(1));
    done(log.put(List.of(whole, bare)));
    assertEquals(new AuditLog.Page(List.of(whole, bare), 2), all(log));
  }

  @Test
  default void whatIsIntendedIsOfUnknownOutcomeUntilItIsSettled() {
    var log = log();
    var entry = entry(Action.SESSION_DELETED, "a", "s", 0);
    done(log.intend(entry));
    assertEquals(List.of(entry.with("outcome", "unknown")), all(log).entries());
    done(log.settle(entry.id()));
    assertEquals(List.of(entry), all(log).entries());
  }

  @Test
  default void whatIsWithdrawnWasNever() {
    var log = log();
    var entry = entry(Action.SESSION_DELETED, "a", "s", 0);
    var other = entry(Action.SESSION_RESET, "a", "s", 1);
    done(log.intend(entry));
    done(log.intend(other));
    done(log.withdraw(entry.id()));
    assertEquals(List.of(other.id()), all(log).entries().stream().map(AuditEntry::id).toList());
  }

  /** However late somebody says that it did not happen. */
  @Test
  default void whatIsSettledStays() {
    var log = log();
    var entry = entry(Action.SESSION_DELETED, "a", "s", 0);
    done(log.intend(entry));
    done(log.settle(entry.id()));
    done(log.withdraw(entry.id()));
    assertEquals(List.of(entry), all(log).entries());
  }

  @Test
  default void whatIsPutAgainHasNewDetailsAndIsOneEntry() {
    var log = log();
    var entry = entry(Action.REQUEST_REFUSED, "a", "s", 0);
    done(log.put(List.of(entry.with("count", "1"))));
    done(log.put(List.of(entry.with("count", "7"))));
    assertEquals(new AuditLog.Page(List.of(entry.with("count", "7")), 1), all(log));
  }

  @Test
  default void theyAreListedNewestFirstAndInPages() {
    var log = log();
    var entries =
        List.of(3, 0, 4, 1, 2).stream()
            .map(i -> entry(Action.SESSION_RESET, "a", "s" + i, i))
            .toList();
    done(log.put(entries));
    assertEquals("s4 s3 s2 s1 s0", entities(done(log.list(AuditLog.Query.all(10, 0)))));
    assertEquals("s2 s1", entities(done(log.list(AuditLog.Query.all(2, 2)))));
    var beyond = done(log.list(AuditLog.Query.all(2, 5)));
    assertEquals(new AuditLog.Page(List.of(), 5), beyond);
  }

  private static String entities(AuditLog.Page page) {
    return String.join(" ", page.entries().stream().map(e -> e.entityId().orElse("-")).toList());
  }

  /** Each filter alone, all together, and what matches only the beginning of a name. */
  @Test
  default void filtersAreExactAndHoldTogether() {
    var log = log();
    done(
        log.put(
            List.of(
                entry(Action.SESSION_RESET, "a", "s1", 4),
                entry(Action.SESSION_DELETED, "a", "s2", 3),
                entry(Action.SESSION_DELETED, "b", "s1", 2),
                entry(Action.NODE_DRAINED, "b", "1", 1),
                AuditEntry.of(Action.REQUEST_REFUSED, Actor.ANYBODY, Optional.empty(), NOON))));
    assertEquals("s1 s2 s1 1", found(log, "api_key", "", "", "", ""));
    assertEquals("s1 s2", found(log, "", "a", "", "", ""));
    assertEquals("s2 s1", found(log, "", "", "session.deleted", "", ""));
    assertEquals("1", found(log, "", "", "", "node", ""));
    assertEquals("s1 s1", found(log, "", "", "", "", "s1"));
    assertEquals("-", found(log, "anybody", "", "", "", ""));
    assertEquals("s2", found(log, "api_key", "a", "session.deleted", "session", "s2"));
    assertEquals("", found(log, "api_key", "b", "session.deleted", "session", "s2"));
    assertEquals("", found(log, "", "", "session.", "", ""));
    assertEquals("", found(log, "", "", "", "", "s%"));
  }

  private static String found(
      AuditLog log, String type, String id, String action, String entityType, String entityId) {
    return entities(
        done(
            log.list(
                new AuditLog.Query(
                    given(type),
                    given(id),
                    given(action),
                    given(entityType),
                    given(entityId),
                    10,
                    0))));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(given -> !given.isEmpty());
  }
}
