package clawster.runtime.identity;

import static clawster.runtime.identity.ApiKeysContract.NOON;
import static clawster.runtime.identity.ApiKeysContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.HandClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes' rings over the same keys. */
final class KeyRingTest {

  private final HandClock clock = new HandClock(NOON);
  private final InMemoryApiKeys keys = new InMemoryApiKeys();
  private final AtomicLong nanos = new AtomicLong();
  private final KeyRing<KeySecret> ring = new KeyRing<>(keys, clock, nanos::get);
  private final KeySecret secret = KeySecret.next();
  private final ApiKey key = ApiKeysContract.key(secret, NOON, Scope.READ);

  @BeforeEach
  void add() {
    done(keys.add(key, secret));
    done(ring.refresh());
  }

  private boolean isGood() {
    return done(ring.principal(secret)).isPresent();
  }

  private Principal.Key principal() {
    return (Principal.Key) done(ring.principal(secret)).orElseThrow();
  }

  @Test
  void aKeyIsLookedUpOnce() {
    assertEquals(key.scopes(), principal().scopes());
    assertTrue(isGood());
    assertEquals(1, keys.lookups());
  }

  @Test
  void anUnknownKeyIsLookedUpEachTime() {
    var coming = KeySecret.next();
    assertEquals(Optional.empty(), done(ring.principal(coming)));
    done(keys.add(ApiKeysContract.key(coming, NOON, Scope.WRITE), coming));
    assertTrue(done(ring.principal(coming)).isPresent());
  }

  @Test
  void aRevokedKeyIsRefusedOnceItIsLearnedOf() {
    assertTrue(isGood());
    done(keys.revoke(key.id(), NOON));
    done(ring.refresh());
    assertFalse(isGood());
  }

  @Test
  void whatIsRememberedCountsForAShortWhileOnly() {
    assertTrue(isGood());
    done(keys.revoke(key.id(), NOON));
    // Nobody refreshes.
    nanos.addAndGet(Duration.ofMillis(1_500).toNanos() - 1);
    assertTrue(isGood());
    nanos.incrementAndGet();
    assertFalse(isGood());
  }

  @Test
  void whereKeysCannotBeLookedUpNobodyIsTakenForSomebody() throws Exception {
    keys.away(true);
    assertThrows(CompletionException.class, this::isGood);
    keys.away(false);
    assertTrue(isGood());
  }

  @Test
  void anExpiredKeyIsRefusedWithoutAnyChange() {
    assertTrue(isGood());
    clock.passes(Duration.ofSeconds(3_599));
    assertTrue(isGood());
    clock.passes(Duration.ofSeconds(1));
    assertFalse(isGood());
  }

  @Test
  void whatIsOpenEndsWithItsKey() {
    var other = KeySecret.next();
    done(keys.add(ApiKeysContract.key(other, NOON, Scope.READ), other));
    done(ring.refresh());
    var mine = ring.hold(principal());
    var theirs = ring.hold((Principal.Key) done(ring.principal(other)).orElseThrow());
    var closed = ring.hold(principal());
    closed.close();
    done(ring.refresh());
    assertFalse(mine.over().toCompletableFuture().isDone());
    done(keys.revoke(key.id(), NOON));
    done(ring.refresh());
    assertTrue(mine.over().toCompletableFuture().isDone());
    assertFalse(theirs.over().toCompletableFuture().isDone());
    assertFalse(closed.over().toCompletableFuture().isDone());
    clock.passes(Duration.ofHours(1));
    done(ring.refresh());
    assertTrue(theirs.over().toCompletableFuture().isDone());
  }

  /** Whoever was let in just before may open something just after. */
  @Test
  void whatIsOpenedAfterTheLookEndsToo() {
    var before = principal();
    done(keys.revoke(key.id(), NOON));
    done(ring.refresh());
    var open = ring.hold(before);
    assertFalse(open.over().toCompletableFuture().isDone());
    done(ring.refresh());
    assertTrue(open.over().toCompletableFuture().isDone());
  }

  /** The second finds it revoked, after the change; the first was let in before. */
  @Test
  void whatIsOpenedAfterTheLookEndsThoughAnotherAskedMeanwhile() {
    var before = principal();
    done(keys.revoke(key.id(), NOON));
    done(ring.refresh());
    assertFalse(isGood());
    var open = ring.hold(before);
    done(ring.refresh());
    assertTrue(open.over().toCompletableFuture().isDone());
  }

  /** Else each answer would cost a question. */
  @Test
  void whatIsOpenedWithoutAChangeIsNotLookedAt() {
    ring.hold(principal());
    int lookups = keys.lookups();
    done(ring.refresh());
    assertEquals(lookups, keys.lookups());
  }

  /** The change has been learned of, but not what it means for what is open. */
  @Test
  void whatIsOpenEndsThoughTheFirstLookFails() {
    var open = ring.hold(principal());
    done(keys.revoke(key.id(), NOON));
    keys.awayAfter(1);
    assertThrows(CompletionException.class, () -> done(ring.refresh()));
    assertFalse(open.over().toCompletableFuture().isDone());
    keys.away(false);
    done(ring.refresh());
    assertTrue(open.over().toCompletableFuture().isDone());
  }

  @Test
  void theLastUseIsTold() {
    clock.passes(Duration.ofSeconds(7));
    assertTrue(isGood());
    done(ring.refresh());
    assertEquals(
        Optional.of(NOON.plusSeconds(7)), done(keys.find(key.id())).orElseThrow().lastUsed());
  }
}
