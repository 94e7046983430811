package clawster.runtime.limits;

import java.time.Clock;

final class InMemoryGuessCountsTest implements GuessCountsContract {

  private final GuessCounts counts = new InMemoryGuessCounts(Clock.systemUTC());

  @Override
  public GuessCounts counts() {
    return counts;
  }
}
