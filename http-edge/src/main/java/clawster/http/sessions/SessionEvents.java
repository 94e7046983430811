package clawster.http.sessions;

import clawster.http.kernel.Sse;
import clawster.runtime.kernel.Problem;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLog;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a session's runs say, from a place on and until the listener leaves: run after run, in
 * the order in which their logs began, which is the same for every listener. That there is another
 * run is heard from the bell and, should a ring be lost, seen in the log.
 */
final class SessionEvents {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEvents.class);

  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  /** So that listeners who came together do not all look together. */
  private static final Duration JITTER = Duration.ofSeconds(30);

  private final Sessions sessions;
  private final SessionKey key;

  /** Behind it is what is new. One look after the other moves it. */
  private volatile Optional<RunId> last;

  private SessionEvents(Sessions sessions, SessionKey key, Optional<RunId> last) {
    this.sessions = sessions;
    this.key = key;
    this.last = last;
  }

  /**
   * @param place where to go on; empty for behind {@code newest}
   * @param newest the last run there was when nothing was going on
   */
  static Source<ByteString, NotUsed> after(
      Sessions sessions, SessionKey key, Optional<EventPosition> place, Optional<RunId> newest) {
    return place
        .map(
            position ->
                told(sessions, key, position.run(), position.seq())
                    .concatLazy(
                        Source.lazySource(() -> later(sessions, key, Optional.of(position.run())))))
        .orElseGet(() -> later(sessions, key, newest))
        .keepAlive(Sse.HEARTBEAT_EVERY, () -> Sse.HEARTBEAT)
        .prepend(Source.single(ByteString.fromString(": following\n\n")));
  }

  private static Source<ByteString, NotUsed> later(
      Sessions sessions, SessionKey key, Optional<RunId> last) {
    return new SessionEvents(sessions, key, last).later();
  }

  private Source<ByteString, NotUsed> later() {
    return rings()
        .merge(Source.tick(Duration.ZERO, lookEvery(), NotUsed.getInstance()))
        .flatMapConcat(_ -> fresh())
        .flatMapConcat(run -> told(sessions, key, run, 0));
  }

  /** Only the newest ring counts: a look finds all that is new. */
  private Source<NotUsed, NotUsed> rings() {
    return ActorSource.<RunId>actorRef(
            _ -> false, _ -> Optional.empty(), 1, OverflowStrategy.dropHead())
        .mapMaterializedValue(
            watcher -> {
              sessions.watch(key, watcher);
              return NotUsed.getInstance();
            })
        .map(_ -> NotUsed.getInstance());
  }

  private static Duration lookEvery() {
    return LOOK_EVERY.plusMillis(ThreadLocalRandom.current().nextLong(JITTER.toMillis()));
  }

  /** The runs behind {@link #last}, a page at a time. */
  private Source<RunId, NotUsed> fresh() {
    return Source.unfoldAsync(
            true,
            more ->
                more
                    ? look().thenApply(runs -> Optional.of(Pair.create(isFull(runs), runs)))
                    : CompletableFuture.completedStage(
                        Optional.<Pair<Boolean, List<RunId>>>empty()))
        .mapConcat(runs -> runs);
  }

  private static boolean isFull(List<RunId> runs) {
    return runs.size() == RunLog.PAGE;
  }

  private CompletionStage<List<RunId>> look() {
    return sessions
        .runs(key, last)
        .thenApply(
            runs -> {
              last = runs.isEmpty() ? last : Optional.of(runs.getLast());
              return runs;
            })
        .exceptionally(
            failure -> {
              LOG.debug("Looking for runs of {} failed: {}", key, failure.toString());
              return List.of();
            });
  }

  /**
   * A run's entries after {@code after}. Begins to read one entry early, since nothing follows the
   * last one and waiting for it would never end.
   */
  private static Source<ByteString, NotUsed> told(
      Sessions sessions, SessionKey key, RunId run, long after) {
    return sessions
        .follow(key, run, Math.max(0, after - 1))
        .filter(entry -> entry.seq() > after)
        .map(entry -> RunEvents.event(run, entry));
  }

  /**
   * Why nobody can go on from there, if so. Before the first entry is always a place, also while
   * that is on its way.
   *
   * @param open the session's open runs
   */
  static CompletionStage<Optional<Problem>> refusal(
      Sessions sessions, SessionKey key, List<RunId> open, EventPosition position) {
    var run = position.run();
    if (position.seq() == 0) {
      return open.contains(run)
          ? CompletableFuture.completedStage(Optional.empty())
          : sessions.hasBegun(key, run).thenApply(begun -> position.refusal(begun, begun));
    }
    return sessions
        .hasEntry(run, position.seq())
        .thenCombine(
            sessions.hasBegun(key, run), (there, ours) -> position.refusal(there && ours, ours));
  }
}
