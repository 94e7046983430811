package clawster.http.packages;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many wait, at this node, for what they declared. */
final class Followers {

  static final int MOST = 32;

  private final Semaphore places = new Semaphore(MOST);

  /** A follower's, until it is left; leaving it twice is leaving it once. */
  final class Place {

    private final AtomicBoolean left = new AtomicBoolean();

    private Place() {}

    void leave() {
      if (left.compareAndSet(false, true)) {
        places.release();
      }
    }

    /** Whoever hears of {@code end}, however that comes, leaves. */
    <T> CompletionStage<T> until(CompletionStage<T> end) {
      return end.whenComplete((_, _) -> leave());
    }
  }

  /** Empty while all are taken. */
  Optional<Place> place() {
    return places.tryAcquire() ? Optional.of(new Place()) : Optional.empty();
  }
}
