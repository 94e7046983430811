package clawster.runtime.limits;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The wrong credentials that came from one address.
 *
 * @param times of the latest ones, oldest first
 * @param lockedUntil if they were too many
 */
public record Guesses(List<Instant> times, Optional<Instant> lockedUntil) {

  public static final Guesses NONE = new Guesses(List.of(), Optional.empty());

  public Guesses {
    times = List.copyOf(times);
  }

  Guesses locked(Instant end) {
    return new Guesses(times, Optional.of(end));
  }
}
