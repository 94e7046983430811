package clawster.http.sessions;

import clawster.http.kernel.Sse;
import clawster.runtime.kernel.Problem;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionMessage;
import clawster.runtime.sessions.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.InitialTimeoutException;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a session's runs say, from a place on and until the listener leaves: run after run, in
 * the order they began. Which runs there are is heard from the bell and, should a ring be lost,
 * read from the directory.
 */
final class SessionEvents {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEvents.class);

  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  /** So that listeners who came together do not all look together. */
  private static final Duration JITTER = Duration.ofSeconds(30);

  /** The first entry of a run is there when the run is accepted. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final SessionKey key;
  private final NewRuns runs;

  private SessionEvents(Sessions sessions, SessionKey key, Optional<RunId> last) {
    this.sessions = sessions;
    this.key = key;
    this.runs = new NewRuns(last);
  }

  /**
   * @param after where to go on; empty for the newest run there is, if it is still going on, and
   *     later ones
   */
  static Source<ByteString, NotUsed> after(
      Sessions sessions, SessionKey key, Optional<EventPosition> after, Optional<RunId> newest) {
    var first =
        after
            .map(
                position ->
                    told(sessions, key, position.run(), position.seq(), _ -> true)
                        .map(entry -> RunEvents.event(position.run(), entry)))
            .orElseGet(Source::empty);
    var start = after.map(EventPosition::run).or(() -> newest);
    return first
        .concat(Source.lazySource(() -> new SessionEvents(sessions, key, start).later()))
        .keepAlive(Sse.HEARTBEAT_EVERY, () -> Sse.HEARTBEAT)
        .prepend(Source.single(ByteString.fromString(": following\n\n")));
  }

  private Source<ByteString, NotUsed> later() {
    Source<Optional<RunId>, ?> rings =
        ActorSource.<RunId>actorRef(
                _ -> false, _ -> Optional.empty(), 16, OverflowStrategy.dropHead())
            .mapMaterializedValue(
                watcher -> {
                  sessions.watch(key, watcher);
                  return NotUsed.getInstance();
                })
            .map(Optional::of);
    Source<Optional<RunId>, ?> looks =
        Source.tick(Duration.ZERO, lookEvery(), Optional.<RunId>empty());
    return rings
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .merge(looks.mapMaterializedValue(_ -> NotUsed.getInstance()))
        .mapAsync(1, rung -> look().thenApply(found -> runs.of(found, rung)))
        .mapConcat(fresh -> fresh)
        .flatMapConcat(
            run ->
                told(sessions, key, run, 0, runs::forget)
                    .map(entry -> RunEvents.event(run, entry)));
  }

  private static Duration lookEvery() {
    return LOOK_EVERY.plusMillis(ThreadLocalRandom.current().nextLong(JITTER.toMillis()));
  }

  /**
   * A run's entries after {@code after}, none if there is no such run: the directory also notes
   * those that were refused, or are still on their way. Begins to read one entry early, since
   * nothing follows the last one and waiting for it would never end.
   *
   * @param none asked whether that is so, once the session does not know it
   */
  private static Source<RunEntry, NotUsed> told(
      Sessions sessions, SessionKey key, RunId run, long after, Predicate<RunId> none) {
    return sessions
        .follow(key, run, Math.max(0, after - 1))
        .initialTimeout(SILENCE)
        .recoverWith(
            InitialTimeoutException.class,
            () ->
                Source.completionStageSource(
                        sessions
                            .read(key)
                            .thenApply(
                                reply ->
                                    isUnknown(reply, run) && none.test(run)
                                        ? Source.<RunEntry>empty()
                                        : told(sessions, key, run, after, none)))
                    .mapMaterializedValue(_ -> NotUsed.getInstance()))
        .filter(entry -> entry.seq() > after);
  }

  private static boolean isUnknown(SessionMessage.Reply reply, RunId run) {
    return switch (reply) {
      case SessionMessage.View view -> !view.state().knows(run);
      case SessionMessage.Refused refused -> refused.problem().kind() == Problem.Kind.NOT_FOUND;
      case SessionMessage.Done _ -> false;
    };
  }

  /** Why nobody can go on from there, if so. */
  static CompletionStage<Optional<Problem>> refusal(
      Sessions sessions, SessionKey key, EventPosition position) {
    var run = position.run();
    return sessions
        .directory()
        .nextRuns(SessionId.of(key), Optional.of(before(run)))
        .thenCompose(
            runs ->
                runs.contains(run)
                    ? beyondItsEnd(sessions, position)
                    : CompletableFuture.completedStage(Optional.of(EventPosition.GONE)));
  }

  /** Whoever heard an entry heard it after its commit. Before the first one is always a place. */
  private static CompletionStage<Optional<Problem>> beyondItsEnd(
      Sessions sessions, EventPosition position) {
    return position.seq() == 0
        ? CompletableFuture.completedStage(Optional.empty())
        : sessions
            .hasEntry(position.run(), position.seq())
            .thenCombine(sessions.hasEntry(position.run(), 1), position::refusal);
  }

  private static RunId before(RunId run) {
    var id = run.value();
    return new RunId(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() - 1));
  }

  private CompletionStage<List<RunId>> look() {
    return sessions
        .directory()
        .nextRuns(SessionId.of(key), runs.last())
        .exceptionally(
            failure -> {
              LOG.debug("Looking for runs of {} failed: {}", key, failure.toString());
              return List.of();
            });
  }
}
