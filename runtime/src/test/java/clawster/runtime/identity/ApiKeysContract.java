package clawster.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.kernel.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every keeper of keys does. */
public interface ApiKeysContract {

  Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /** Without any key. */
  ApiKeys keys();

  /** Where entries of their changes are. */
  AuditLog audit();

  static AuditEntry entry(Action action, UUID key) {
    return AuditEntry.of(action, new Actor("gateway", "gateway"), Optional.empty(), NOON)
        .about(key.toString());
  }

  private static CompletionStage<Void> add(ApiKeys keys, ApiKey key, KeySecret secret) {
    return keys.add(key, secret, entry(Action.API_KEY_CREATED, key.id()));
  }

  private static CompletionStage<Boolean> revoke(ApiKeys keys, UUID id, Instant at) {
    return keys.revoke(id, at, entry(Action.API_KEY_REVOKED, id));
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static ApiKey key(KeySecret secret, Instant created, Scope... scopes) {
    return new ApiKey(
        Ids.next(),
        "a name, \"quoted\" 名前",
        secret.prefix(),
        Set.of(scopes),
        Optional.of(NOON.plusSeconds(3_600)),
        Optional.empty(),
        Optional.empty(),
        "gateway",
        created);
  }

  @Test
  default void aKeyIsFoundByItsSecretAndById() {
    var keys = keys();
    var secret = KeySecret.next();
    var key = key(secret, NOON, Scope.READ, Scope.PAIRING);
    done(add(keys, key, secret));
    assertEquals(Optional.of(key), done(keys.find(secret)));
    assertEquals(Optional.of(key), done(keys.find(key.id())));
    assertEquals(Optional.empty(), done(keys.find(KeySecret.next())));
    assertEquals(Optional.empty(), done(keys.find(Ids.next())));
  }

  @Test
  default void theyAreListedNewestFirstAndInPages() {
    var keys = keys();
    for (int i = 0; i < 5; i++) {
      var secret = KeySecret.next();
      done(add(keys, key(secret, NOON.plusSeconds(i), Scope.READ), secret));
    }
    var all = done(keys.list(10, 0)).stream().map(ApiKey::created).toList();
    assertEquals(
        List.of(4, 3, 2, 1, 0),
        all.stream()
            .map(at -> at.getEpochSecond())
            .map(s -> (int) (s - NOON.getEpochSecond()))
            .toList());
    assertEquals(all.subList(2, 4), done(keys.list(2, 2)).stream().map(ApiKey::created).toList());
  }

  @Test
  default void whatIsRevokedStaysSoAsOfTheFirstTime() {
    var keys = keys();
    var secret = KeySecret.next();
    var key = key(secret, NOON, Scope.ADMIN);
    done(add(keys, key, secret));
    assertFalse(done(revoke(keys, Ids.next(), NOON)));
    assertTrue(done(revoke(keys, key.id(), NOON.plusSeconds(1))));
    assertTrue(done(revoke(keys, key.id(), NOON.plusSeconds(2))));
    assertEquals(Optional.of(NOON.plusSeconds(1)), done(keys.find(secret)).orElseThrow().revoked());
  }

  @Test
  default void everyChangeLeavesOneEntry() {
    var keys = keys();
    var secret = KeySecret.next();
    var key = key(secret, NOON, Scope.READ);
    done(add(keys, key, secret));
    done(revoke(keys, Ids.next(), NOON));
    done(revoke(keys, key.id(), NOON));
    done(revoke(keys, key.id(), NOON));
    var entries = done(audit().list(AuditLog.Query.all(10, 0))).entries();
    assertEquals(
        Set.of("api_key.created", "api_key.revoked"),
        entries.stream().map(AuditEntry::action).collect(Collectors.toSet()));
    assertEquals(2, entries.size());
    assertEquals(Optional.of(key.id().toString()), entries.getFirst().entityId());
  }

  @Test
  default void everyChangeIsCounted() {
    var keys = keys();
    long before = done(keys.revision());
    var secret = KeySecret.next();
    var key = key(secret, NOON, Scope.READ);
    done(add(keys, key, secret));
    long added = done(keys.revision());
    assertNotEquals(before, added);
    done(keys.used(Map.of(key.id(), NOON)));
    assertEquals(added, done(keys.revision()));
    done(revoke(keys, key.id(), NOON));
    assertNotEquals(added, done(keys.revision()));
  }

  @Test
  default void theLastUseIsTheLatestThatWasTold() {
    var keys = keys();
    var secret = KeySecret.next();
    var key = key(secret, NOON, Scope.READ);
    done(add(keys, key, secret));
    done(keys.used(Map.of(key.id(), NOON.plusSeconds(5), Ids.next(), NOON)));
    done(keys.used(Map.of(key.id(), NOON)));
    assertEquals(
        Optional.of(NOON.plusSeconds(5)), done(keys.find(secret)).orElseThrow().lastUsed());
  }
}
