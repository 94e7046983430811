package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Finds runs that are owed and wakes their sessions: at start, when a member is removed, and now
 * and then. One in the cluster. It decides nothing; a session that owes nothing says so by settling
 * the note.
 */
public final class OwedWork extends AbstractBehavior<OwedWork.Command> {

  private static final Duration EVERY = Duration.ofSeconds(10);

  /** A note this old cannot have its submit still on the way. */
  private static final Duration OLD = Duration.ofSeconds(30);

  private static final int AT_ONCE = 1_000;

  /** So many pages follow each other; then it waits until the next look. */
  private static final int PAGES = 10;

  sealed interface Command {}

  private record Look() implements Command {}

  private record Found(List<SessionDirectory.OwedRun> runs) implements Command {}

  private record LookFailed(Throwable why) implements Command {}

  record MemberRemoved() implements Command {}

  /** Runs that are owed, as {@link SessionDirectory#owed} has them. */
  interface Owed {
    CompletionStage<List<SessionDirectory.OwedRun>> after(Optional<RunId> last, int limit);
  }

  /** Wakes the session of an owed run; {@code old} as in {@link SessionMessage.Wake}. */
  interface Wakes {
    void wake(SessionDirectory.OwedRun owed, boolean old);
  }

  private final Owed owed;
  private final Wakes sessions;
  private final int atOnce;

  /** Where the next look goes on, so that notes nobody can settle do not hide newer ones. */
  private Optional<RunId> last = Optional.empty();

  private boolean looking;
  private boolean anew;
  private int pages;
  private boolean first = true;

  /** Starts it somewhere in the cluster, once. */
  public static void start(ActorSystem<?> system, Sessions sessions) {
    ClusterSingleton.get(system)
        .init(
            SingletonActor.of(
                Behaviors.supervise(
                        create(sessions.directory()::owed, sessions::wake, AT_ONCE, EVERY))
                    .onFailure(
                        SupervisorStrategy.restartWithBackoff(
                            Duration.ofSeconds(1), Duration.ofSeconds(10), 0.2)),
                "owed-work"));
  }

  static Behavior<Command> create(Owed owed, Wakes sessions, int atOnce, Duration every) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, every);
                  return new OwedWork(context, owed, sessions, atOnce);
                }));
  }

  private OwedWork(ActorContext<Command> context, Owed owed, Wakes sessions, int atOnce) {
    super(context);
    this.owed = owed;
    this.sessions = sessions;
    this.atOnce = atOnce;
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(ClusterEvent.MemberRemoved.class, _ -> new MemberRemoved()),
                ClusterEvent.MemberRemoved.class));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Look _ -> lookOn();
                case MemberRemoved _ -> lookAnew();
                case Found found -> wake(found.runs());
                case LookFailed failed -> failed(failed);
              }
              return this;
            })
        .build();
  }

  private void lookOn() {
    if (!looking) {
      pages = 0;
      look();
    }
  }

  /** What the removed one had may be in pages that were looked at already. */
  private void lookAnew() {
    last = Optional.empty();
    anew = looking;
    lookOn();
  }

  private void look() {
    looking = true;
    pages++;
    getContext()
        .pipeToSelf(
            owed.after(last, atOnce),
            (runs, failure) -> failure == null ? new Found(runs) : new LookFailed(failure));
  }

  private void failed(LookFailed failed) {
    looking = false;
    anew = false;
    getContext().getLog().warn("Could not look for owed work: {}", failed.why().getMessage());
  }

  private void wake(List<SessionDirectory.OwedRun> runs) {
    looking = false;
    boolean more = runs.size() == atOnce;
    last = more && !anew ? Optional.of(runs.getLast().run()) : Optional.empty();
    runs.forEach(run -> sessions.wake(run, run.age().compareTo(OLD) > 0));
    if (first && !runs.isEmpty()) {
      getContext().getLog().info("Woke {} sessions that owe work", runs.size());
    }
    first = false;
    if (anew) {
      anew = false;
      lookOn();
    } else if (more && pages < PAGES) {
      look();
    }
  }
}
