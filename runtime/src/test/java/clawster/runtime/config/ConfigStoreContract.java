package clawster.runtime.config;

import static clawster.runtime.config.GatewaySettings.ALLOWED_HOSTS;
import static clawster.runtime.config.GatewaySettings.SESSION_IDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.config.ConfigStore.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every keeper of versions does. */
public interface ConfigStoreContract {

  Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /** Without any version. */
  ConfigStore store();

  /** Where entries of its changes are. */
  AuditLog audit();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static ConfigVersion version(long number) {
    return new ConfigVersion(
        number,
        ConfigDocument.EMPTY
            .with(SESSION_IDLE, Duration.ofSeconds(number))
            .with(ALLOWED_HOSTS, List.of("host-%d.example".formatted(number))));
  }

  static AuditEntry entry(long number) {
    return AuditEntry.of(
            Action.CONFIG_PATCHED, new Actor("gateway", "gateway"), Optional.empty(), NOON)
        .with("version", String.valueOf(number));
  }

  static boolean add(ConfigStore store, long number) {
    return done(store.add(version(number), entry(number)));
  }

  @Test
  default void atFirstThereIsNone() {
    var store = store();
    assertEquals(0, done(store.latest()));
    assertEquals(List.of(), done(store.newest(5)));
  }

  @Test
  default void versionsAreReadAsTheyWereAddedTheNewestFirst() {
    var store = store();
    assertTrue(add(store, 1));
    assertTrue(add(store, 2));
    assertEquals(2, done(store.latest()));
    var newest = done(store.newest(5));
    assertEquals(List.of(2L, 1L), newest.stream().map(Stored::number).toList());
    assertEquals(
        new ConfigDocument.Reading.Read(version(2).document()),
        ConfigDocument.read(newest.getFirst().plain()));
  }

  @Test
  default void onlyTheOneThatFollowsIsAdded() {
    var store = store();
    assertFalse(add(store, 2));
    assertTrue(add(store, 1));
    assertFalse(add(store, 1));
    assertFalse(add(store, 3));
    assertEquals(1, done(store.latest()));
    assertEquals(List.of("1"), recorded());
  }

  /** Of which versions there are entries. */
  private List<String> recorded() {
    return done(audit().list(AuditLog.Query.all(10, 0))).entries().stream()
        .map(entry -> entry.details().get("version"))
        .toList();
  }

  @Test
  default void ofManyAtOnceOneIsAdded() {
    var store = store();
    var all =
        IntStream.range(0, 8)
            .mapToObj(_ -> store.add(version(1), entry(1)).toCompletableFuture())
            .toList();
    assertEquals(1, all.stream().filter(added -> added.join()).count());
    assertEquals(List.of("1"), recorded());
  }

  @Test
  default void theGoodAreKnown() {
    var store = store();
    add(store, 1);
    add(store, 2);
    done(store.good(1));
    done(store.good(7));
    assertEquals(List.of(false, true), done(store.newest(5)).stream().map(Stored::good).toList());
  }

  @Test
  default void oldOnesAreForgottenButTheLastGoodOne() {
    var store = store();
    int last = ConfigStore.KEPT + 5;
    for (int number = 1; number <= last; number++) {
      assertTrue(add(store, number));
      if (number <= 3) {
        done(store.good(number));
      }
    }
    var kept = done(store.newest(1_000)).stream().map(Stored::number).toList();
    assertEquals(last, kept.getFirst());
    assertEquals(3L, kept.getLast());
  }
}
