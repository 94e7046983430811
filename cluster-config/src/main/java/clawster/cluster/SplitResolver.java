package clawster.cluster;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.MembersAway;
import clawster.persistence.members.Splits;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that of a cluster whose nodes do not hear each other one side goes on.
 *
 * <p>Each node asks for itself, once what it hears has not changed for a while: {@link Split} has
 * the rule, and the table of members the decision. Who is put out finds itself there ({@link
 * Membership}); who goes on tells its side. While the database is away nothing is decided: nothing
 * could be written either.
 */
final class SplitResolver extends AbstractBehavior<SplitResolver.Message> {

  private static final Logger LOG = LoggerFactory.getLogger(SplitResolver.class);

  private static final Duration LOOK = Duration.ofMillis(50);

  /** Before a database that is away is asked again. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * How patient it is.
   *
   * @param stableAfter how long what is heard must not have changed
   * @param unstableAfter how long it may go on changing before it is decided on as it is
   * @param hesitation of the smaller side
   */
  record Timings(Duration stableAfter, Duration unstableAfter, Duration hesitation) {

    static Timings of(Config config) {
      return new Timings(
          config.getDuration("stable-after"),
          config.getDuration("unstable-after"),
          config.getDuration("hesitation"));
    }
  }

  sealed interface Message {}

  private enum Tick implements Message {
    TICK
  }

  private record Decided(Split split, Split.Verdict verdict) implements Message {}

  private record Away(Throwable why) implements Message {}

  private final Cluster cluster;
  private final Splits splits;
  private final Timings timings;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("clawster-splits").daemon().factory());
  private Sides sides;
  private long changed;
  private long parted;
  private Optional<Split> split = Optional.empty();
  private boolean asking;

  private SplitResolver(
      ActorContext<Message> context, Cluster cluster, Splits splits, Timings timings) {
    super(context);
    this.cluster = cluster;
    this.splits = splits;
    this.timings = timings;
    this.sides = Sides.of(cluster);
  }

  /** The cluster is asked for once the actor runs: it is what makes the actor. */
  static Behavior<Message> create(
      Supplier<Cluster> cluster, Function<Cluster, Splits> splits, Timings timings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.TICK, LOOK);
                  var here = cluster.get();
                  return new SplitResolver(context, here, splits.apply(here), timings);
                }));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, _ -> tick())
        .onMessage(Decided.class, decided -> decided(decided.split(), decided.verdict()))
        .onMessage(Away.class, away -> away(away.why()))
        .onSignal(PostStop.class, _ -> stop())
        .build();
  }

  private Behavior<Message> tick() {
    long now = System.nanoTime();
    var heard = Sides.of(cluster);
    if (!heard.areTwo()) {
      parted = now;
      forget();
    }
    if (!heard.equals(sides)) {
      sides = heard;
      changed = now;
      forget();
    }
    if (!asking && heard.areTwo() && isDue(now)) {
      ask(split.orElseGet(() -> Split.seenAt(now, heard)));
    }
    return this;
  }

  private boolean isDue(long now) {
    return now - changed >= timings.stableAfter().toNanos()
        || now - parted >= timings.unstableAfter().toNanos();
  }

  /** What has been decided stays decided; what was only asked is not asked any more. */
  private void forget() {
    if (split.isPresent()) {
      split = Optional.empty();
      thread.execute(splits::close);
    }
  }

  private void ask(Split asked) {
    split = Optional.of(asked);
    asking = true;
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> decide(asked), thread),
            (decided, failure) -> failure == null ? decided : new Away(failure));
  }

  private Decided decide(Split asked) {
    try {
      var sight = splits.look();
      long now = System.nanoTime();
      var seen = asked.with(sight, now);
      var verdict = seen.verdict(sight, now, timings.hesitation());
      return new Decided(
          seen,
          switch (verdict) {
            case WAIT, OUT -> verdict;
            case GO_ON -> remove(asked.sides().parted(), verdict);
            case GIVE_IN -> remove(asked.sides().reached(), verdict);
          });
    } catch (MembersAway e) {
      LockSupport.parkNanos(PAUSE.toNanos());
      throw new CompletionException(e);
    }
  }

  private Split.Verdict remove(Collection<MemberId> members, Split.Verdict verdict)
      throws MembersAway {
    return splits.remove(members) || verdict == Split.Verdict.GIVE_IN ? verdict : Split.Verdict.OUT;
  }

  private Behavior<Message> away(Throwable why) {
    asking = false;
    LOG.debug("Nobody can decide who goes on: {}", why.getMessage());
    return this;
  }

  private Behavior<Message> decided(Split decided, Split.Verdict verdict) {
    asking = false;
    switch (verdict) {
      case WAIT -> split = split.map(_ -> decided);
      case GO_ON -> goOn(decided.sides());
      case GIVE_IN, OUT -> {
        LOG.warn("The other side of the split goes on: {}", decided);
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void goOn(Sides decided) {
    LOG.warn("This side of the split goes on, without {}", decided.parted());
    StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> decided.parted().contains(NodeAddress.id(member.uniqueAddress())))
        .forEach(member -> cluster.down(member.address()));
  }

  private Behavior<Message> stop() {
    thread.execute(splits::close);
    thread.shutdown();
    return this;
  }
}
