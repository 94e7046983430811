package clawster.runtime.sessions;

import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Leads whoever asked for a run on to the one it became part of, if it did. Once at most: that one
 * was going on then, and so becomes part of no other.
 */
final class Redirect {

  private Redirect() {}

  /**
   * @param follow a run's entries from the first one on
   * @return to be run once
   */
  static Source<RunEntry, NotUsed> of(
      RunId run,
      Source<RunEntry, NotUsed> entries,
      Function<RunId, Source<RunEntry, NotUsed>> follow) {
    var into = new AtomicReference<Optional<RunId>>(Optional.empty());
    return entries
        .filter(
            entry -> {
              if (entry.word() instanceof RunWord.Absorbed(RunId other)) {
                into.set(Optional.of(other));
                return false;
              }
              return true;
            })
        .concatLazy(
            Source.lazySource(
                () ->
                    into.get()
                        .map(other -> since(new RunWord.Steered(run), follow.apply(other)))
                        .orElseGet(Source::empty)));
  }

  /** The end is told in any case: somebody waits for it. */
  private static Source<RunEntry, NotUsed> since(
      RunWord steered, Source<RunEntry, NotUsed> entries) {
    return entries.dropWhile(entry -> !entry.ends() && !entry.word().equals(steered));
  }
}
