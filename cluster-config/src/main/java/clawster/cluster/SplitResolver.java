package clawster.cluster;

import clawster.persistence.members.MemberId;
import clawster.persistence.members.MembersAway;
import clawster.persistence.members.Splits;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
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

  /** Who has not looked for so long has not seen what changed meanwhile. */
  private static final Duration ASLEEP = Duration.ofMillis(500);

  /**
   * How patient it is.
   *
   * @param stableAfter how long what is heard must not have changed
   * @param unstableAfter how long somebody may not be heard before it is decided however much else
   *     changes
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

  /** What a node hears of its cluster, and how it tells its side who is out. */
  record Ears(Supplier<Sides> hearing, Consumer<Set<MemberId>> putOut) {}

  sealed interface Message {}

  private enum Tick implements Message {
    TICK
  }

  private record Decided(Split split, Split.Verdict verdict) implements Message {}

  private record Away(Throwable why) implements Message {}

  private final Ears ears;
  private final Splits splits;
  private final Timings timings;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("clawster-splits").daemon().factory());
  private Sides sides;
  private long looked = System.nanoTime();
  private long changed = looked;
  private long wholeUntil = looked;
  private Optional<Split> split = Optional.empty();
  private boolean asking;
  private boolean toldAway;
  private Optional<Sides> told = Optional.empty();

  private SplitResolver(ActorContext<Message> context, Ears ears, Splits splits, Timings timings) {
    super(context);
    this.ears = ears;
    this.splits = splits;
    this.timings = timings;
    this.sides = ears.hearing().get();
  }

  static Behavior<Message> create(Supplier<Ears> ears, Supplier<Splits> splits, Timings timings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.TICK, LOOK);
                  return new SplitResolver(context, ears.get(), splits.get(), timings);
                }));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, _ -> tick())
        .onMessage(Decided.class, decided -> decided(decided.split(), decided.verdict()))
        .onMessage(Away.class, away -> away(away.why()))
        .onSignal(PreRestart.class, _ -> stop())
        .onSignal(PostStop.class, _ -> stop())
        .build();
  }

  private Behavior<Message> tick() {
    long now = System.nanoTime();
    var heard = ears.hearing().get();
    boolean slept = now - looked > ASLEEP.toNanos();
    if (!heard.areTwo()) {
      toldAway = false;
    }
    if (!heard.areTwo() || slept) {
      wholeUntil = now;
    }
    if (!heard.equals(sides) || slept) {
      sides = heard;
      changed = now;
      forget();
    }
    looked = now;
    if (!asking && heard.areTwo() && isDue(now)) {
      ask(split.orElseGet(() -> Split.of(heard)));
    }
    return this;
  }

  private boolean isDue(long now) {
    return now - changed >= timings.stableAfter().toNanos()
        || now - wholeUntil >= timings.unstableAfter().toNanos();
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
            case GO_ON -> splits.remove(asked.sides().parted()) ? verdict : Split.Verdict.OUT;
            case GIVE_IN -> {
              splits.remove(Set.of(asked.sides().self()));
              yield verdict;
            }
          });
    } catch (MembersAway | RuntimeException e) {
      LockSupport.parkNanos(PAUSE.toNanos());
      throw new CompletionException(e);
    }
  }

  /** Once it is back everybody needs a moment to be heard and seen again. */
  private Behavior<Message> away(Throwable why) {
    asking = false;
    split = Optional.empty();
    wholeUntil = System.nanoTime();
    if (!toldAway) {
      LOG.warn("{} are not heard, and the database cannot say who goes on", sides.parted(), why);
      toldAway = true;
    }
    return this;
  }

  private Behavior<Message> decided(Split decided, Split.Verdict verdict) {
    asking = false;
    switch (verdict) {
      case WAIT -> split = split.map(_ -> decided);
      case GO_ON -> putOut(decided.sides());
      case GIVE_IN, OUT -> {
        LOG.warn("The other side of the split goes on: {} for {}", verdict, decided);
        return Behaviors.stopped();
      }
    }
    return this;
  }

  /** Until it shows in what is heard, which takes a moment, this is decided again, the same. */
  private void putOut(Sides whole) {
    if (told.filter(whole::equals).isEmpty()) {
      LOG.warn("This side of the split goes on, without {}", whole.parted());
      told = Optional.of(whole);
    }
    ears.putOut().accept(whole.parted());
  }

  private Behavior<Message> stop() {
    thread.execute(splits::close);
    thread.shutdown();
    return this;
  }
}
