package clawster.runtime.runs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * A bounded cursor over one run's log: every entry after a point, once and in order, to the run's
 * end.
 *
 * <p>It hears a {@link RunFeed} where one speaks and reads the log where it does not: a gap, a feed
 * on a dead node or a skipped delivery all look alike here, and a range query closes them. It
 * materialises as the listener to hand to whoever knows the feed.
 */
public final class RunSource
    extends AbstractGraphStageWithMaterializedValue<
        SourceShape<RunEntry>, ActorRef<RunFeed.Heard>> {

  /** Entries held for a slow reader, and the credit given to the feed. */
  private static final int WINDOW = 256;

  private static final int PAGE = 500;

  private static final AtomicLong LISTENERS = new AtomicLong();

  /** How long somebody may take to read what is heard for them. */
  private static final Duration UNREAD = Duration.ofMinutes(1);

  /** How long nothing may be heard before the log is asked, and who writes it is looked for. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** How soon whoever writes the run is looked for again, once it is known that it has moved. */
  private static final Duration SEARCH = Duration.ofMillis(250);

  private static final int MAX_DOUBLINGS = 4;

  private final Outlet<RunEntry> out = Outlet.create("RunSource.out");
  private final SourceShape<RunEntry> shape = SourceShape.of(out);
  private final ActorSystem<?> system;
  private final RunLog log;
  private final RunId run;
  private final long after;
  private final boolean readFirst;
  private final Supplier<Ear> ears;
  private final Consumer<ActorRef<RunFeed.Heard>> seek;

  private RunSource(
      ActorSystem<?> system,
      RunLog log,
      RunId run,
      long after,
      boolean readFirst,
      Supplier<Ear> ears,
      Consumer<ActorRef<RunFeed.Heard>> seek) {
    this.system = system;
    this.log = log;
    this.run = run;
    this.after = after;
    this.readFirst = readFirst;
    this.ears = ears;
    this.seek = seek;
  }

  /**
   * A run not yet accepted, heard from its first entry although nobody reads it yet.
   *
   * @param entries to be run once, and within a minute, or else {@link #forget forgotten}
   */
  public record Fresh(ActorRef<RunFeed.Heard> listener, Source<RunEntry, NotUsed> entries) {

    /** Nobody will read it. */
    public void forget() {
      listener.unsafeUpcast().tell(Hush.INSTANCE);
    }
  }

  /**
   * For a run not yet accepted: hears the feed from its first entry, and reads only what it missed.
   *
   * @param seek has the listener introduced to whoever writes the run by now; called in silence,
   *     because the run may have moved
   */
  public static Fresh fresh(
      ActorSystem<?> system, RunLog log, RunId run, Consumer<ActorRef<RunFeed.Heard>> seek) {
    var ear = new Ear(system);
    var source = Source.fromGraph(new RunSource(system, log, run, 0, false, () -> ear, seek));
    return new Fresh(ear.listener, source.mapMaterializedValue(_ -> NotUsed.getInstance()));
  }

  /**
   * For a run that may be running or long over: reads the log first. Ends at once if nothing can
   * follow {@code after}, be it the end or a place that is not in the log.
   *
   * @param seek as with a fresh one
   */
  public static Source<RunEntry, ActorRef<RunFeed.Heard>> resumed(
      ActorSystem<?> system,
      RunLog log,
      RunId run,
      long after,
      Consumer<ActorRef<RunFeed.Heard>> seek) {
    return Source.fromGraph(
        new RunSource(system, log, run, after, true, () -> new Ear(system), seek));
  }

  @Override
  public SourceShape<RunEntry> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, ActorRef<RunFeed.Heard>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    var cursor = new Cursor();
    return Pair.create(cursor, cursor.ear.listener);
  }

  private enum Clock {
    SILENCE,
    SEARCH
  }

  private record Page(List<RunEntry> entries, Throwable failure) {}

  private final class Cursor extends TimerGraphStageLogic {

    private final ArrayDeque<RunEntry> ready = new ArrayDeque<>();
    private final AsyncCallback<RunFeed.Heard> hear = createAsyncCallback(this::heard);
    private final AsyncCallback<Page> turn = createAsyncCallback(this::turned);
    private final Ear ear = ears.get();
    private ActorRef<RunFeed.Command> feed;
    private long last = after;
    private long credit = WINDOW;
    private boolean reading;
    private boolean behind;
    private boolean heardLately;
    private int searches;

    /** Whether there is something to go on from. */
    private boolean placed = after == 0;

    Cursor() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              emit();
            }
          });
    }

    @Override
    public void preStart() {
      scheduleAtFixedRate(Clock.SILENCE, SILENCE, SILENCE);
      ear.lend(hear::invoke);
      if (readFirst) {
        read();
      }
    }

    @Override
    public void postStop() {
      ear.listener.unsafeUpcast().tell(Hush.INSTANCE);
    }

    @Override
    public void onTimer(Object key) {
      switch ((Clock) key) {
        case SEARCH -> search();
        case SILENCE -> {
          if (!heardLately) {
            look();
          }
          heardLately = false;
        }
      }
    }

    private void look() {
      read();
      seek.accept(ear.listener);
    }

    private void search() {
      look();
      scheduleOnce(Clock.SEARCH, SEARCH.multipliedBy(1L << searches));
      searches = Math.min(searches + 1, MAX_DOUBLINGS);
    }

    private void found() {
      cancelTimer(Clock.SEARCH);
      searches = 0;
    }

    private void heard(RunFeed.Heard heard) {
      heardLately = true;
      switch (heard) {
        case RunFeed.Entries entries -> {
          found();
          take(entries.entries());
        }
        case RunFeed.Listening listening -> listening(listening);
        case RunFeed.Silenced silenced -> silenced(silenced.feed());
      }
    }

    private void listening(RunFeed.Listening listening) {
      feed = listening.feed();
      if (listening.tail() >= 0) {
        found();
      }
      if (listening.tail() > last || listening.tail() < 0) {
        read();
      }
    }

    /** Whoever wrote the run is gone or has given it away; an older feed's end is no news. */
    private void silenced(ActorRef<RunFeed.Command> by) {
      if (feed == null || feed.equals(by)) {
        search();
      }
    }

    private void take(List<RunEntry> entries) {
      credit -= entries.size();
      if (entries.getFirst().seq() > last + 1) {
        read();
      } else {
        append(entries);
      }
    }

    private void append(List<RunEntry> entries) {
      for (var entry : entries) {
        if (entry.seq() == last + 1) {
          ready.add(entry);
          last = entry.seq();
        }
      }
      emit();
    }

    private void read() {
      if (reading || ready.size() >= WINDOW) {
        behind = true;
        return;
      }
      reading = true;
      behind = false;
      log.read(run, placed ? last : after - 1, PAGE)
          .whenComplete((entries, failure) -> turn.invoke(new Page(entries, failure)));
    }

    private void turned(Page page) {
      reading = false;
      if (page.failure() != null) {
        return; // the database is away: the next silence asks again
      }
      if (!placed && (page.entries().isEmpty() || page.entries().getFirst().ends())) {
        completeStage();
        return;
      }
      placed = true;
      heardLately |= !page.entries().isEmpty();
      append(page.entries());
      if (!isClosed(out) && (behind || page.entries().size() == PAGE)) {
        read();
      }
    }

    private void emit() {
      if (isAvailable(out) && !ready.isEmpty()) {
        var entry = ready.poll();
        push(out, entry);
        if (entry.ends()) {
          completeStage();
          return;
        }
      }
      if (ready.size() < WINDOW / 2) {
        refill();
      }
    }

    private void refill() {
      if (credit < WINDOW / 2 && feed != null) {
        credit = WINDOW;
        feed.tell(new RunFeed.Credit(run, ear.listener, WINDOW));
      }
      if (behind && !reading) {
        read();
      }
    }
  }

  /** Ends the listener's actor; never leaves this node. */
  private enum Hush {
    INSTANCE
  }

  /**
   * Hears a run for a reader, and keeps what it hears until there is one: as much as its credit.
   */
  private static final class Ear {

    private final ActorRef<RunFeed.Heard> listener;
    private final List<RunFeed.Heard> kept = new ArrayList<>();
    private Consumer<RunFeed.Heard> reader;

    Ear(ActorSystem<?> system) {
      listener =
          system.systemActorOf(
              behavior(), "run-listener-" + LISTENERS.incrementAndGet(), Props.empty());
    }

    /** Watches the feed it was introduced to, on whichever node that is. */
    private void attend(ActorContext<Object> context, RunFeed.Heard heard) {
      if (heard instanceof RunFeed.Listening listening) {
        context.watchWith(
            listening.feed(), new RunFeed.Silenced(listening.run(), listening.feed()));
      }
      hear(heard);
    }

    private synchronized void hear(RunFeed.Heard heard) {
      if (reader == null) {
        kept.add(heard);
      } else {
        reader.accept(heard);
      }
    }

    synchronized void lend(Consumer<RunFeed.Heard> to) {
      kept.forEach(to);
      kept.clear();
      reader = to;
    }

    private synchronized boolean isLent() {
      return reader != null;
    }

    private Behavior<RunFeed.Heard> behavior() {
      return Behaviors.<Object>setup(
              context -> {
                context.setReceiveTimeout(UNREAD, Unread.INSTANCE);
                return BehaviorBuilder.<Object>create()
                    .onMessage(
                        RunFeed.Heard.class,
                        heard -> {
                          attend(context, heard);
                          return Behaviors.same();
                        })
                    .onMessageEquals(Hush.INSTANCE, Behaviors::stopped)
                    .onMessageEquals(
                        Unread.INSTANCE, () -> isLent() ? Behaviors.same() : Behaviors.stopped())
                    .build();
              })
          .narrow();
    }
  }

  /** Told by the clock to an ear that hears nothing. */
  private enum Unread {
    INSTANCE
  }
}
