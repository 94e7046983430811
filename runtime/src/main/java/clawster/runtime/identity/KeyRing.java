package clawster.runtime.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;

/**
 * The keys that are used at this node, or the paired devices: the credentials of one kind. What it
 * remembers of one counts for a second and a half after it last learned that none has changed; from
 * then on every use asks the database again. So a key that is revoked at any node is refused at all
 * of them within two seconds, and what it has open ends. Those that are unknown are not remembered,
 * lest one be refused after it was made.
 */
public final class KeyRing<S extends Secret> {

  /** How often it is to be brought up to date. */
  public static final Duration REFRESH = Duration.ofMillis(500);

  private static final Duration TRUSTED = Duration.ofMillis(1_500);
  private static final Duration USE_NOTED = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private static final CompletionStage<Done> DONE =
      CompletableFuture.completedStage(Done.getInstance());

  private final Credentials<S, ? extends Credential> keys;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Cache<String, Credential> known = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Cache<UUID, Boolean> noted =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(USE_NOTED).build();
  private final Map<UUID, Instant> used = new ConcurrentHashMap<>();
  private final Cache<UUID, Long> foundAsOf = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Set<Hold> holds = ConcurrentHashMap.newKeySet();

  /** Of those, what was opened for a key that may have been revoked just before. */
  private final Set<Hold> unsure = ConcurrentHashMap.newKeySet();

  private volatile long revision = -1;

  /** As of which revision what is open was looked through. */
  private volatile long lookedThrough = -1;

  /** By {@link #nanos}. */
  private volatile long trustedUntil;

  public KeyRing(Credentials<S, ? extends Credential> keys, Clock clock) {
    this(keys, clock, System::nanoTime);
  }

  KeyRing(Credentials<S, ? extends Credential> keys, Clock clock, LongSupplier nanos) {
    this.keys = keys;
    this.clock = clock;
    this.nanos = nanos;
    this.trustedUntil = nanos.getAsLong();
  }

  /** Who has that secret, if it is that of a key that is good. */
  public CompletionStage<Optional<Principal>> principal(S secret) {
    var hash = secret.hash();
    var remembered = nanos.getAsLong() - trustedUntil < 0 ? known.getIfPresent(hash) : null;
    if (remembered != null) {
      return CompletableFuture.completedStage(use(remembered));
    }
    long asked = revision;
    return keys.find(secret)
        .thenApply(
            found -> {
              found.ifPresent(key -> remember(hash, key, asked));
              return found.flatMap(this::use);
            });
  }

  /**
   * Unless keys have changed since it was asked for. One that is no longer good says nothing of
   * when it was: what is opened for whoever was let in before has to be looked at.
   */
  private void remember(String hash, Credential key, long asked) {
    if (key.isGoodAt(clock.instant())) {
      foundAsOf.put(key.id(), asked);
    }
    known.put(hash, key);
    if (revision != asked) {
      known.invalidate(hash);
    }
  }

  private Optional<Principal> use(Credential key) {
    var now = clock.instant();
    if (!key.isGoodAt(now)) {
      return Optional.empty();
    }
    if (used.size() < MOST && noted.asMap().putIfAbsent(key.id(), true) == null) {
      used.put(key.id(), now);
    }
    return Optional.of(key.principal());
  }

  /**
   * To be closed when what is open has ended. A key that was found before the last change may be
   * one that was revoked by it, when what was open has been looked through already: this is then
   * looked at once more.
   */
  public Hold hold(Principal.Revocable principal) {
    var hold = new Hold(principal, this::closed);
    holds.add(hold);
    var asOf = foundAsOf.getIfPresent(principal.credential());
    if (asOf == null || asOf != revision) {
      unsure.add(hold);
    }
    return hold;
  }

  private void closed(Hold hold) {
    holds.remove(hold);
    unsure.remove(hold);
  }

  /** Learns of changes, and tells when keys were used. To be called every {@link #REFRESH}. */
  public CompletionStage<Done> refresh() {
    long asked = nanos.getAsLong();
    return keys.revision()
        .thenCompose(
            latest -> {
              if (latest != revision) {
                revision = latest;
                known.invalidateAll();
              }
              trustedUntil = asked + TRUSTED.toNanos();
              endExpired();
              return latest == lookedThrough ? endRevoked(Set.copyOf(unsure)) : endRevoked(latest);
            })
        .thenCompose(_ -> tellUses());
  }

  private void endExpired() {
    var now = clock.instant();
    holds.stream().filter(hold -> hold.hasExpiredAt(now)).forEach(Hold::end);
  }

  private CompletionStage<Done> endRevoked(long latest) {
    return endRevoked(Set.copyOf(holds))
        .thenApply(
            done -> {
              lookedThrough = latest;
              return done;
            });
  }

  private CompletionStage<Done> endRevoked(Set<Hold> open) {
    var all = DONE;
    for (var key : open.stream().map(Hold::credential).distinct().toList()) {
      all = all.thenCombine(keys.find(key), (done, found) -> endUnlessGood(key, found));
    }
    return all.thenApply(
        done -> {
          unsure.removeAll(open);
          return done;
        });
  }

  private Done endUnlessGood(UUID key, Optional<? extends Credential> found) {
    if (found.filter(still -> still.isGoodAt(clock.instant())).isEmpty()) {
      holds.stream().filter(hold -> hold.credential().equals(key)).forEach(Hold::end);
    }
    return Done.getInstance();
  }

  private CompletionStage<Done> tellUses() {
    if (used.isEmpty()) {
      return DONE;
    }
    var told = Map.copyOf(used);
    return keys.used(told)
        .thenApply(
            _ -> {
              told.forEach(used::remove);
              return Done.getInstance();
            });
  }
}
