package clawster.runtime.packages;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Tells the others how far this node is, whenever something has moved and now and then, one report
 * at a time; and withdraws what they have told with it to be hopeless.
 */
final class PackageReports extends AbstractBehavior<PackageReports.Command> {

  /** How often it looks whether something is to be told. */
  private static final Duration EVERY = Duration.ofSeconds(1);

  private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

  /** Nodes report more often. */
  private static final Duration SILENT = Duration.ofMinutes(2);

  /** What stood for longer has been asked of many indexes, on good days and bad ones. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private static final Duration WITHDRAWN_KEPT = Duration.ofHours(1);

  sealed interface Command {}

  /** How far this node is now. */
  record Say(
      Map<PackageKind, List<InstalledPackage>> installed,
      List<LanguageRuntime> runtimes,
      List<PackageStatus> statuses)
      implements Command {
    Say {
      installed = Map.copyOf(installed);
      runtimes = List.copyOf(runtimes);
      statuses = List.copyOf(statuses);
    }
  }

  private enum Tick implements Command {
    NOW
  }

  private record Reported(Say said, Instant at) implements Command {}

  private record Unreported(Throwable why) implements Command {}

  private record Withdrawn(PackageSpec spec, String failures) implements Command {}

  /** Or not: it will be tried again. */
  private enum Ended implements Command {
    NOTHING_MORE
  }

  private final Surroundings around;
  private Optional<Say> latest = Optional.empty();
  private Optional<Say> said = Optional.empty();
  private Instant saidAt = Instant.MIN;
  private boolean reporting;

  /** Until the next tick, after a report that was not stored. */
  private boolean resting;

  static Behavior<Command> create(Surroundings around) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerWithFixedDelay(Tick.NOW, EVERY);
                          return new PackageReports(context, around);
                        })))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2));
  }

  private PackageReports(ActorContext<Command> context, Surroundings around) {
    super(context);
    this.around = around;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Say say -> latest = Optional.of(say);
                case Tick _ -> resting = false;
                case Reported reported -> reported(reported);
                case Unreported unreported -> unreported(unreported.why());
                case Withdrawn withdrawn -> withdrawn(withdrawn);
                case Ended _ -> {}
              }
              latest.ifPresent(this::report);
              return this;
            })
        .build();
  }

  private void report(Say next) {
    var now = around.clock().instant();
    boolean isDue = !now.isBefore(saidAt.plus(REPORT_EVERY));
    if (reporting || resting || said.filter(next::equals).isPresent() && !isDue) {
      return;
    }
    reporting = true;
    getContext()
        .pipeToSelf(
            around.store().report(report(next, now)),
            (_, failure) -> failure == null ? new Reported(next, now) : new Unreported(failure));
    if (isDue) {
      tidy();
    }
  }

  private NodePackages report(Say said, Instant now) {
    var self = around.self();
    return new NodePackages(
        self.id(), self.name(), said.installed(), said.runtimes(), said.statuses(), now);
  }

  private void tidy() {
    var members = around.members().get().stream().map(MemberName::id).collect(Collectors.toSet());
    getContext()
        .pipeToSelf(
            around.store().tidy(members, SILENT, WITHDRAWN_KEPT), (_, _) -> Ended.NOTHING_MORE);
  }

  private void reported(Reported report) {
    reporting = false;
    var fresh = new HashSet<>(report.said().statuses());
    said.ifPresent(before -> before.statuses().forEach(fresh::remove));
    said = Optional.of(report.said());
    saidAt = report.at();
    fresh.stream()
        .filter(status -> status.failure().filter(Conclusion::isGivenUp).isPresent())
        .forEach(status -> withdrawIfHopeless(status.change()));
  }

  /** The last node on which it fails finds that it has failed on all. */
  private void withdrawIfHopeless(long change) {
    getContext()
        .pipeToSelf(
            around.store().standing(change).thenCompose(standing -> withdrawn(change, standing)),
            (withdrawn, _) ->
                Optional.ofNullable(withdrawn)
                    .<Command>flatMap(known -> known.map(one -> one))
                    .orElse(Ended.NOTHING_MORE));
  }

  private CompletionStage<Optional<Withdrawn>> withdrawn(long change, Standing standing) {
    var members = around.members().get();
    if (!Conclusion.isHopeless(standing, members)) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    var spec = standing.declaration().orElseThrow().spec();
    var failures = Line.of(Conclusion.failures(standing, members));
    var entry =
        AuditEntry.of(
                Action.PACKAGE_WITHDRAWN,
                new Actor("node", around.self().name()),
                Optional.empty(),
                around.clock().instant())
            .about(spec.toString())
            .with("failures", failures);
    return around
        .store()
        .withdraw(change, YOUNG, entry)
        .thenApply(done -> done ? Optional.of(new Withdrawn(spec, failures)) : Optional.empty());
  }

  private void withdrawn(Withdrawn withdrawn) {
    getContext()
        .getLog()
        .info("Package {} is withdrawn: {}", withdrawn.spec(), withdrawn.failures());
  }

  private void unreported(Throwable why) {
    reporting = false;
    resting = true;
    getContext().getLog().debug("Nobody takes the report: {}", why.toString());
  }
}
