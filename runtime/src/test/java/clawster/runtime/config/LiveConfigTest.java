package clawster.runtime.config;

import static clawster.runtime.config.ConfigStoreContract.done;
import static clawster.runtime.config.GatewaySettings.ALLOWED_HOSTS;
import static clawster.runtime.config.GatewaySettings.SESSION_IDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.config.LiveConfig.Latest;
import clawster.runtime.config.LiveConfig.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two nodes, and the versions that they share. */
final class LiveConfigTest {

  private static final Map<String, Object> OF_TOMORROW = Map.of("flights.moon", true);

  /** Ports from 9000 on are taken here. */
  private static final Predicate<ConfigDocument> CAN =
      document -> document.get(GatewaySettings.OPENAI.port()) < 9_000;

  private static final AuditEntry BY_ANN =
      AuditEntry.of(
          Action.CONFIG_PATCHED, new Actor("api_key", "ann"), Optional.empty(), Instant.EPOCH);

  private final InMemoryAuditLog audit = new InMemoryAuditLog();
  private final InMemoryConfigStore store = new InMemoryConfigStore(audit);

  private LiveConfig node() {
    return node(ConfigDocument.EMPTY);
  }

  private LiveConfig node(ConfigDocument fixed) {
    return done(LiveConfig.start(store, fixed, CAN));
  }

  private static Outcome idle(LiveConfig node, int seconds) {
    return done(
        node.patch(
            Map.of("sessions.idle_seconds", Optional.of(seconds)), Optional.empty(), BY_ANN));
  }

  private static long seconds(LiveConfig node) {
    return node.get(SESSION_IDLE).toSeconds();
  }

  @Test
  void aChangeIsInForceHereAtOnceAndElsewhereWhenItIsLookedFor() {
    var here = node();
    var there = node();
    assertEquals(30, seconds(here));
    assertInstanceOf(Outcome.Changed.class, idle(here, 5));
    assertEquals(5, seconds(here));
    assertEquals(30, seconds(there));
    done(there.refresh());
    assertEquals(5, seconds(there));
    assertEquals(1, there.running().number());
    assertEquals(5, seconds(node()));
  }

  private List<AuditEntry> entries() {
    return done(audit.list(AuditLog.Query.all(10, 0))).entries();
  }

  @Test
  void aChangeLeavesAnEntryOfWhatWasChangedAndNotOfValues() {
    var node = node();
    idle(node, 5);
    idle(node, 5);
    assertEquals(1, entries().size(), "the second has changed nothing");
    done(
        node.patch(
            Map.of(
                "sessions.idle_seconds", Optional.of(5),
                "gateway.quota.default.day", Optional.of(77),
                "gateway.allowed_hosts", Optional.of(List.of("secret.example"))),
            Optional.empty(),
            entryOfAnother()));
    var second =
        entries().stream().filter(entry -> entry.details().get("version").equals("2")).findFirst();
    assertEquals(
        Map.of("version", "2", "changed", "gateway.allowed_hosts gateway.quota.default.day"),
        second.orElseThrow().details());
    idle(node, 0);
    assertEquals(2, entries().size(), "a refused one leaves none");
  }

  private static AuditEntry entryOfAnother() {
    return AuditEntry.of(
        Action.CONFIG_PATCHED, new Actor("api_key", "bob"), Optional.empty(), Instant.EPOCH);
  }

  /** Else an entry would not say all. */
  @Test
  void theNamesOfAllSettingsHavePlaceInOneEntry() {
    var names = GatewaySettings.ALL.stream().map(Setting::name).collect(Collectors.joining(" "));
    assertEquals(names, BY_ANN.with("changed", names).details().get("changed"));
  }

  @Test
  void whoHasNotHeardOfAChangeChangesTheNewestAllTheSame() {
    var here = node();
    var there = node();
    idle(here, 5);
    done(
        there.patch(
            Map.of("gateway.allowed_hosts", Optional.of(List.of("a"))), Optional.empty(), BY_ANN));
    assertEquals(5, seconds(there));
    assertEquals(List.of("a"), there.get(ALLOWED_HOSTS));
    assertEquals(2, there.running().number());
  }

  @Test
  void whatTheEnvironmentFixesStays() {
    var fixed = node(ConfigDocument.EMPTY.with(SESSION_IDLE, Duration.ofSeconds(7)));
    assertEquals(new Outcome.Refused(ConfigProblems.fixed(SESSION_IDLE)), idle(fixed, 5));
    idle(node(), 5);
    done(fixed.refresh());
    assertEquals(7, seconds(fixed));
  }

  @Test
  void whatCannotBeReadIsNotFollowedAndNotChanged() {
    var node = node();
    idle(node, 5);
    store.put(2, OF_TOMORROW, true);
    done(node.refresh());
    done(node.refresh());
    assertEquals(5, seconds(node));
    assertEquals(1, node.running().number());
    assertEquals(new Latest.Unreadable(2), done(node.latest()));
    assertEquals(new Outcome.Refused(ConfigProblems.UNREADABLE), idle(node, 6));
    store.put(3, Map.of("sessions.idle_seconds", 9), false);
    done(node.refresh());
    assertEquals(9, seconds(node));
  }

  @Test
  void aNodeStartsWithTheLastThatIsKnownToBeGood() {
    store.put(1, Map.of("sessions.idle_seconds", 4), true);
    store.put(2, Map.of("sessions.idle_seconds", 5), false);
    store.put(3, OF_TOMORROW, true);
    assertEquals(4, seconds(node()));
    store.put(4, Map.of("sessions.idle_seconds", 6), false);
    assertEquals(6, seconds(node()));
  }

  @Test
  void aNodeDoesNotStartWithWhatItCannotRunWith() {
    store.put(1, Map.of("openai.port", 8_000), true);
    store.put(2, Map.of("openai.port", 9_000), true);
    store.put(3, Map.of("openai.port", 9_001), false);
    var node = node();
    assertEquals(1, node.running().number());
    var elsewhere = ConfigDocument.EMPTY.with(GatewaySettings.OPENAI.port(), 8_001);
    assertEquals(3, node(elsewhere).running().number());
  }

  @Test
  void whatTakesAStartShowsAfterOne() {
    var before = node();
    done(before.patch(Map.of("openai.port", Optional.of(8_000)), Optional.empty(), BY_ANN));
    assertEquals(0, before.get(GatewaySettings.OPENAI.port()));
    assertTrue(before.needsStart(before.running().document()));
    assertEquals(List.of(false), goods());
    var after = node();
    assertEquals(8_000, after.get(GatewaySettings.OPENAI.port()));
    assertFalse(after.needsStart(after.running().document()));
    assertEquals(List.of(true), goods());
  }

  @Test
  void withoutOneItStartsWithNothingSet() {
    store.put(1, OF_TOMORROW, true);
    assertEquals(ConfigVersion.NONE, node().running());
  }

  @Test
  void aVersionThatANodeRunsWithIsGood() {
    idle(node(), 5);
    assertEquals(List.of(true), goods());
    store.put(2, Map.of(), false);
    node();
    assertEquals(List.of(true, true), goods());
  }

  private List<Boolean> goods() {
    return done(store.newest(5)).stream().map(ConfigStore.Stored::good).toList();
  }

  @Test
  void whatIsMadeOfSettingsIsMadeAnewWhenTheyChange() {
    var node = node();
    var made = node.derived(config -> new Object());
    var first = made.get();
    assertSame(first, made.get());
    idle(node, 5);
    assertNotSame(first, made.get());
  }

  @Test
  void whileTheDatabaseIsAwayItStaysAsItIs() {
    var node = node();
    idle(node, 5);
    store.away(true);
    assertThrows(CompletionException.class, () -> done(node.refresh()));
    assertThrows(CompletionException.class, () -> idle(node, 6));
    assertEquals(5, seconds(node));
  }
}
