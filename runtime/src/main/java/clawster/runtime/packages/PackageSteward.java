package clawster.runtime.packages;

import clawster.packages.Outcome;
import clawster.runtime.packages.DesiredPackages.Declared;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Brings this node's packages to what is declared. It knows nothing that it could not find out
 * again: when it starts anew it looks what is declared and what is there.
 */
final class PackageSteward extends AbstractBehavior<PackageSteward.Command> {

  /** How often it looks whether something else is declared. */
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Where nothing is declared nobody is in a hurry, and a node that starts has enough to do. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

  /** Of one attempt. */
  private static final int MOST_LINES = 10_000;

  sealed interface Command {}

  private enum Tick implements Command {
    NOW
  }

  private record Revised(long revision) implements Command {}

  private record Read(Declared declared) implements Command {}

  private record Looked(PackageKind kind, long revision, Workshop.Found found) implements Command {}

  private record Worked(Declaration declaration, Outcome outcome) implements Command {}

  /** What was asked of the database did not work; it is asked again with a later tick. */
  private record Unanswered(Throwable why) implements Command {}

  private final Surroundings around;
  private final Instant begun;
  private final ActorRef<PackageReports.Command> reports;
  private final Map<PackageKind, Look> looks = new EnumMap<>(PackageKind.class);
  private final Map<PackageKind, Optional<Declaration>> busy = new EnumMap<>(PackageKind.class);
  private Map<PackageRef, Attempt> attempts = Map.of();
  private List<LanguageRuntime> runtimes = List.of();
  private Declared declared = new Declared(-1, List.of());
  private boolean asking;

  /** What was declared when it started, or at least before it looked at anything. */
  private long start = -1;

  /** The kinds of which it has seen what is there. */
  private final Set<PackageKind> listed = EnumSet.noneOf(PackageKind.class);

  private Set<Long> fulfilled = Set.of();

  static Behavior<Command> create(Surroundings around) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          context.getSelf().tell(Tick.NOW);
                          timers.startTimerWithFixedDelay(Tick.NOW, EVERY);
                          return new PackageSteward(context, around);
                        })))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2));
  }

  private PackageSteward(ActorContext<Command> context, Surroundings around) {
    super(context);
    this.around = around;
    this.begun = around.clock().instant();
    this.reports = context.spawn(PackageReports.create(around), "reports");
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Tick _ -> ask();
                case Revised revised -> revised(revised.revision());
                case Read read -> read(read.declared());
                case Looked looked -> looked(looked);
                case Worked worked -> worked(worked);
                case Unanswered unanswered -> unanswered(unanswered.why());
              }
              goOn();
              return this;
            })
        .build();
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    getContext()
        .pipeToSelf(
            around.store().revision(),
            (revision, failure) ->
                failure == null ? new Revised(revision) : new Unanswered(failure));
  }

  private void revised(long revision) {
    if (revision == declared.revision()) {
      asking = false;
      return;
    }
    getContext()
        .pipeToSelf(
            around.store().all(),
            (all, failure) -> failure == null ? new Read(all) : new Unanswered(failure));
  }

  private void read(Declared now) {
    asking = false;
    if (start < 0) {
      start = now.revision();
    } else {
      now.since(declared.revision()).forEach(around.declared());
    }
    declared = now;
    remember();
  }

  private void unanswered(Throwable why) {
    asking = false;
    getContext().getLog().debug("Nobody says what is declared: {}", why.toString());
  }

  private Convergence convergence() {
    return new Convergence(declared.declarations(), looks, attempts, fulfilled);
  }

  private void remember() {
    var convergence = convergence();
    attempts = convergence.remembered();
    fulfilled = convergence.fulfilledNow();
  }

  /** Whatever has happened, there may be something to do now. */
  private void goOn() {
    if (declared.revision() < 0) {
      return;
    }
    var convergence = convergence();
    for (var kind : PackageKind.values()) {
      if (!busy.containsKey(kind)) {
        goOn(kind, convergence);
      }
    }
    reports.tell(said());
  }

  private void goOn(PackageKind kind, Convergence convergence) {
    var now = around.clock().instant();
    var look = Optional.ofNullable(looks.get(kind));
    boolean isOld = look.map(last -> last.isOld(now)).orElse(!now.isBefore(begun.plus(FIRST_LOOK)));
    if (convergence.needsLook(kind) || isOld) {
      look(kind);
      return;
    }
    convergence
        .next(kind, now)
        .ifPresent(
            next -> {
              if (look.get().isFresh(now)) {
                bringAbout(next);
              } else {
                look(kind);
              }
            });
  }

  private void look(PackageKind kind) {
    busy.put(kind, Optional.empty());
    seek(kind);
  }

  private void seek(PackageKind kind) {
    long revision = declared.revision();
    getContext()
        .pipeToSelf(
            around.workshop().look(kind),
            (found, failure) ->
                new Looked(
                    kind,
                    revision,
                    failure == null
                        ? found
                        : new Workshop.Found(
                            new Inventory.Unclear(Line.of(String.valueOf(failure))), runtimes)));
  }

  private void looked(Looked looked) {
    busy.remove(looked.kind());
    runtimes = looked.found().runtimes();
    var inventory = looked.found().inventory();
    var before = Optional.ofNullable(looks.get(looked.kind())).map(Look::missed).orElse(0);
    looks.put(
        looked.kind(),
        new Look(
            inventory,
            looked.revision(),
            around.clock().instant(),
            inventory instanceof Inventory.Listed ? 0 : before + 1));
    if (inventory instanceof Inventory.Listed && listed.add(looked.kind())) {
      fulfilled = union(fulfilled, convergence().presumed(looked.kind(), start));
    }
    remember();
  }

  private static Set<Long> union(Set<Long> some, Set<Long> others) {
    return Stream.concat(some.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
  }

  private void bringAbout(Declaration declaration) {
    busy.put(declaration.kind(), Optional.of(declaration));
    getContext().getLog().info("Package {}: {}", declaration.spec(), declaration.presence());
    var lines = new AtomicInteger();
    Consumer<String> progress =
        line -> {
          if (lines.incrementAndGet() <= MOST_LINES) {
            around
                .progress()
                .accept(
                    new PackageProgress(
                        declaration.change(),
                        declaration.spec().toString(),
                        declaration.presence(),
                        around.self().id(),
                        Line.of(line)));
          }
        };
    getContext()
        .pipeToSelf(
            around.workshop().bringAbout(declaration, progress),
            (outcome, failure) ->
                new Worked(declaration, failure == null ? outcome : Workshop.thrown(failure)));
  }

  private void worked(Worked worked) {
    var declaration = worked.declaration();
    var more = new HashMap<>(attempts);
    more.compute(
        declaration.ref(),
        (_, before) ->
            Attempt.after(
                Optional.ofNullable(before),
                declaration,
                around.clock().instant(),
                told(worked.outcome())));
    attempts = more;
    getContext().getLog().info("Package {}: {}", declaration.spec(), worked.outcome());
    // Whatever was said of it: before that is told, and before anything else is done.
    seek(declaration.kind());
  }

  private static Outcome told(Outcome outcome) {
    return outcome instanceof Outcome.Failed(var code, var error)
        ? new Outcome.Failed(code, Line.of(error))
        : outcome;
  }

  private PackageReports.Say said() {
    var installed = new EnumMap<PackageKind, List<InstalledPackage>>(PackageKind.class);
    looks.forEach(
        (kind, look) -> {
          if (look.inventory() instanceof Inventory.Listed listed) {
            installed.put(kind, List.copyOf(listed.packages().values()));
          }
        });
    var working =
        busy.values().stream()
            .flatMap(Optional::stream)
            .map(Declaration::change)
            .collect(Collectors.toSet());
    return new PackageReports.Say(installed, runtimes, convergence().statuses(working));
  }
}
