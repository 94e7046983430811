package clawster.runtime.packages;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.packages.Packages.Presence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Declarations and reports of one process. */
public final class InMemoryDesiredPackages implements DesiredPackages {

  private record Row(
      Declaration declaration, Instant declared, boolean reached, Optional<Instant> withdrawn) {

    Row asReached() {
      return new Row(declaration, declared, true, withdrawn);
    }

    Row asWithdrawn(Instant now) {
      var was = declaration;
      return new Row(
          new Declaration(was.change(), was.spec(), was.presence(), true),
          declared,
          reached,
          Optional.of(now));
    }

    boolean isWithdrawnBefore(Instant time) {
      return withdrawn.filter(at -> !at.isAfter(time)).isPresent();
    }
  }

  private final InMemoryAuditLog audit;
  private final Clock clock;
  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final Map<String, NodePackages> reports = new TreeMap<>();
  private final Map<String, Instant> moved = new TreeMap<>();
  private long revision;
  private boolean away;
  private boolean broken;
  private int standings;

  public InMemoryDesiredPackages(InMemoryAuditLog audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
  }

  public InMemoryDesiredPackages() {
    this(new InMemoryAuditLog(), Clock.systemUTC());
  }

  /** Takes and answers nothing from now on, or again. */
  public synchronized void away(boolean gone) {
    away = gone;
  }

  /** The next question for the revision is a bug of whoever asks. */
  public synchronized void breaks() {
    broken = true;
  }

  public synchronized boolean isBroken() {
    return broken;
  }

  /** How often somebody asked how it stands with one declaration. */
  public synchronized int standings() {
    return standings;
  }

  private synchronized <T> CompletionStage<T> answer(Supplier<T> answer) {
    return away
        ? CompletableFuture.failedStage(new IllegalStateException("away"))
        : CompletableFuture.completedStage(answer.get());
  }

  @Override
  public CompletionStage<Optional<Long>> declare(
      PackageSpec spec, Presence presence, AuditEntry entry) {
    return answer(
        () -> {
          if (!hasRoom(spec.ref())) {
            return Optional.empty();
          }
          rows.values().removeIf(row -> row.declaration().ref().equals(spec.ref()));
          var declaration = new Declaration(++revision, spec, presence, false);
          rows.put(revision, new Row(declaration, clock.instant(), false, Optional.empty()));
          audit.put(List.of(entry));
          return Optional.of(revision);
        });
  }

  private boolean hasRoom(PackageRef ref) {
    long others =
        rows.values().stream().filter(row -> !row.declaration().ref().equals(ref)).count();
    if (others < MOST) {
      return true;
    }
    var withdrawn =
        rows.entrySet().stream()
            .filter(row -> row.getValue().declaration().withdrawn())
            .map(Map.Entry::getKey)
            .findFirst();
    withdrawn.ifPresent(rows::remove);
    return withdrawn.isPresent();
  }

  @Override
  public synchronized CompletionStage<Long> revision() {
    if (broken) {
      broken = false;
      throw new IllegalStateException("a bug");
    }
    return answer(() -> revision);
  }

  @Override
  public CompletionStage<Declared> all() {
    return answer(
        () -> new Declared(revision, rows.values().stream().map(Row::declaration).toList()));
  }

  @Override
  public CompletionStage<Standing> standing(long change) {
    return answer(
        () -> {
          standings++;
          var statuses = new HashMap<String, PackageStatus>();
          reports.forEach(
              (node, report) ->
                  report.status(change).ifPresent(status -> statuses.put(node, status)));
          return new Standing(
              Optional.ofNullable(rows.get(change)).map(Row::declaration), statuses, moved);
        });
  }

  @Override
  public CompletionStage<Boolean> withdraw(long change, Duration within, AuditEntry entry) {
    return answer(
        () -> {
          var row = rows.get(change);
          var now = clock.instant();
          if (row == null
              || row.declaration().withdrawn()
              || row.reached()
              || !row.declared().isAfter(now.minus(within))) {
            return false;
          }
          rows.put(change, row.asWithdrawn(now));
          audit.put(List.of(entry));
          revision++;
          return true;
        });
  }

  @Override
  public CompletionStage<Void> report(NodePackages report) {
    return answer(
        () -> {
          var before = reports.get(report.node());
          if (before == null || !before.statuses().equals(report.statuses())) {
            moved.put(report.node(), clock.instant());
          }
          report.statuses().stream()
              .filter(status -> status.state() == PackageStatus.State.DONE)
              .forEach(
                  status -> rows.computeIfPresent(status.change(), (_, row) -> row.asReached()));
          reports.put(
              report.node(),
              new NodePackages(
                  report.node(),
                  report.name(),
                  report.installed(),
                  report.runtimes(),
                  report.statuses(),
                  clock.instant()));
          return null;
        });
  }

  @Override
  public CompletionStage<List<NodePackages>> reports() {
    return answer(() -> List.copyOf(reports.values()));
  }

  @Override
  public CompletionStage<Void> tidy(Set<String> members, Duration silent, Duration withdrawn) {
    return answer(
        () -> {
          var now = clock.instant();
          var gone =
              reports.values().stream()
                  .filter(report -> !members.contains(report.node()))
                  .filter(report -> !report.at().isAfter(now.minus(silent)))
                  .map(NodePackages::node)
                  .collect(Collectors.toSet());
          reports.keySet().removeAll(gone);
          moved.keySet().removeAll(gone);
          if (rows.values().removeIf(row -> row.isWithdrawnBefore(now.minus(withdrawn)))) {
            revision++;
          }
          return null;
        });
  }
}
