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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.InitialTimeoutException;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.apache.pekko.util.ByteString;

/**
 * Everything a session's runs say, from a place on and until the listener leaves: run after run, in
 * the order they began. Which runs there are is heard from the bell and, should a ring be lost,
 * read from the directory.
 */
final class SessionEvents {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** The first entry of a run is there when the run is accepted. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final SessionKey key;
  private Optional<RunId> last;
  private final Map<RunId, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, Boolean> eldest) {
          return size() > 64;
        }
      };

  private SessionEvents(Sessions sessions, SessionKey key, Optional<RunId> last) {
    this.sessions = sessions;
    this.key = key;
    this.last = last;
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
                    told(sessions, key, position.run(), position.seq())
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
        Source.tick(Duration.ZERO, LOOK_EVERY, Optional.<RunId>empty());
    return rings
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .merge(looks.mapMaterializedValue(_ -> NotUsed.getInstance()))
        .mapAsync(1, hint -> hint.isPresent() ? known(hint.get()) : look())
        .mapConcat(this::unseen)
        .flatMapConcat(
            run -> told(sessions, key, run, 0).map(entry -> RunEvents.event(run, entry)));
  }

  /**
   * A run's entries after {@code after}, none if there never was such a run: the directory also
   * notes those that were refused. Begins to read one entry early, since nothing follows the last
   * one and waiting for it would never end.
   */
  private static Source<RunEntry, NotUsed> told(
      Sessions sessions, SessionKey key, RunId run, long after) {
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
                                    neverWas(reply, run)
                                        ? Source.<RunEntry>empty()
                                        : told(sessions, key, run, after)))
                    .mapMaterializedValue(_ -> NotUsed.getInstance()))
        .filter(entry -> entry.seq() > after);
  }

  private static boolean neverWas(SessionMessage.Reply reply, RunId run) {
    return switch (reply) {
      case SessionMessage.View view -> !view.state().knows(run);
      case SessionMessage.Refused refused -> refused.problem().kind() == Problem.Kind.NOT_FOUND;
      case SessionMessage.Done _ -> false;
    };
  }

  /** The position, if it is one in a run of this session. */
  static CompletionStage<Optional<EventPosition>> ofSession(
      Sessions sessions, SessionKey key, Optional<EventPosition> position) {
    return position
        .map(
            given ->
                sessions
                    .directory()
                    .nextRuns(SessionId.of(key), Optional.of(before(given.run())))
                    .thenApply(runs -> position.filter(p -> runs.contains(p.run()))))
        .orElseGet(() -> CompletableFuture.completedStage(position));
  }

  private static RunId before(RunId run) {
    var id = run.value();
    return new RunId(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() - 1));
  }

  private static CompletionStage<List<RunId>> known(RunId run) {
    return CompletableFuture.completedStage(List.of(run));
  }

  private CompletionStage<List<RunId>> look() {
    return sessions.directory().nextRuns(SessionId.of(key), last).exceptionally(_ -> List.of());
  }

  private List<RunId> unseen(List<RunId> runs) {
    var fresh = runs.stream().filter(run -> seen.put(run, true) == null).toList();
    fresh.stream()
        .max(RunId::compareTo)
        .filter(run -> last.isEmpty() || run.compareTo(last.get()) > 0)
        .ifPresent(run -> last = Optional.of(run));
    return fresh;
  }
}
