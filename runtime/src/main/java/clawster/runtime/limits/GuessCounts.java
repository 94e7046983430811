package clawster.runtime.limits;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The guesses of all addresses, counted by all nodes together and by one clock. */
public interface GuessCounts {

  /**
   * @param before what the rule says of the address without this guess
   * @param after what it says with it
   */
  record Tally(Verdict before, Verdict after) {}

  record LockedAddress(String address, Duration left) {}

  /** Counts a guess by the rule. Durable, and seen by all nodes, when it completes. */
  CompletionStage<Tally> wrong(String address, GuessRule rule);

  /** The addresses that are locked, up to a bound those that are so for longest. */
  CompletionStage<List<LockedAddress>> locked(int most);
}
