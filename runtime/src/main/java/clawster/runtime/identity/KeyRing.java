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
import org.apache.pekko.Done;

/**
 * The keys that are used at this node. What it remembers of a key counts for a second and a half
 * after it last learned that no key has changed; from then on every use asks the database again. So
 * a key that is revoked at any node is refused at all of them within two seconds, and what it has
 * open ends. Keys that are unknown are not remembered, lest one be refused after it was made.
 */
public final class KeyRing {

  /** How often it is to be brought up to date. */
  public static final Duration REFRESH = Duration.ofMillis(500);

  private static final Duration TRUSTED = Duration.ofMillis(1_500);
  private static final Duration USE_NOTED = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private static final CompletionStage<Done> DONE =
      CompletableFuture.completedStage(Done.getInstance());

  private final ApiKeys keys;
  private final Clock clock;
  private final Cache<String, ApiKey> known = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Cache<UUID, Boolean> noted =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(USE_NOTED).build();
  private final Map<UUID, Instant> used = new ConcurrentHashMap<>();
  private final Set<Hold> holds = ConcurrentHashMap.newKeySet();
  private volatile long revision = -1;

  /** As of which revision what is open was looked through. */
  private volatile long lookedThrough = -1;

  /** By {@link System#nanoTime}. */
  private volatile long trustedUntil = System.nanoTime();

  public KeyRing(ApiKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Something that a key has open: it ends with the key. */
  public final class Hold implements AutoCloseable {

    private final Principal.Key key;
    private final CompletableFuture<Done> over = new CompletableFuture<>();

    private Hold(Principal.Key key) {
      this.key = key;
    }

    /** Completes when the key is good no more. */
    public CompletionStage<Done> over() {
      return over;
    }

    /** It has ended by itself. */
    @Override
    public void close() {
      holds.remove(this);
    }

    private void end() {
      close();
      over.complete(Done.getInstance());
    }
  }

  /** Who has that secret, if it is that of a key that is good. */
  public CompletionStage<Optional<Principal>> principal(KeySecret secret) {
    var hash = secret.hash();
    var remembered = System.nanoTime() - trustedUntil < 0 ? known.getIfPresent(hash) : null;
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

  /** Unless keys have changed since it was asked for. */
  private void remember(String hash, ApiKey key, long asked) {
    known.put(hash, key);
    if (revision != asked) {
      known.invalidate(hash);
    }
  }

  private Optional<Principal> use(ApiKey key) {
    var now = clock.instant();
    if (!key.isGoodAt(now)) {
      return Optional.empty();
    }
    if (used.size() < MOST && noted.asMap().putIfAbsent(key.id(), true) == null) {
      used.put(key.id(), now);
    }
    return Optional.of(key.principal());
  }

  /** To be closed when what is open has ended. */
  public Hold hold(Principal.Key key) {
    var hold = new Hold(key);
    holds.add(hold);
    return hold;
  }

  /** Learns of changes, and tells when keys were used. To be called every {@link #REFRESH}. */
  public CompletionStage<Done> refresh() {
    long asked = System.nanoTime();
    return keys.revision()
        .thenCompose(
            latest -> {
              if (latest != revision) {
                revision = latest;
                known.invalidateAll();
              }
              trustedUntil = asked + TRUSTED.toNanos();
              endExpired();
              return latest == lookedThrough ? DONE : endRevoked(latest);
            })
        .thenCompose(_ -> tellUses());
  }

  private void endExpired() {
    var now = clock.instant();
    holds.stream()
        .filter(hold -> hold.key.expires().filter(end -> !end.isAfter(now)).isPresent())
        .forEach(Hold::end);
  }

  private CompletionStage<Done> endRevoked(long latest) {
    var all = DONE;
    for (var key : holds.stream().map(hold -> hold.key.key()).distinct().toList()) {
      all = all.thenCombine(keys.find(key), (done, found) -> endUnlessGood(key, found));
    }
    return all.thenApply(
        done -> {
          lookedThrough = latest;
          return done;
        });
  }

  private Done endUnlessGood(UUID key, Optional<ApiKey> found) {
    if (found.filter(still -> still.isGoodAt(clock.instant())).isEmpty()) {
      holds.stream().filter(hold -> hold.key.key().equals(key)).forEach(Hold::end);
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
