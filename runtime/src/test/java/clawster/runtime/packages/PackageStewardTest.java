package clawster.runtime.packages;

import static clawster.runtime.packages.DesiredPackagesContract.declare;
import static clawster.runtime.packages.DesiredPackagesContract.done;
import static clawster.runtime.packages.DesiredPackagesContract.install;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node's steward, by a clock that is set by hand. */
@Timeout(60)
final class PackageStewardTest {

  private static final MemberName SELF = new MemberName("7", "node-1");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final InMemoryAuditLog audit = new InMemoryAuditLog();
  private final InMemoryDesiredPackages store = new InMemoryDesiredPackages(audit, clock);
  private final ScriptedInstaller pip = new ScriptedInstaller(PackageKind.PIP);
  private final ScriptedInstaller npm = new ScriptedInstaller(PackageKind.NPM);
  private final ConcurrentLinkedQueue<Declaration> made = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<PackageProgress> told = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean bug = new AtomicBoolean();
  private final Workshop workshop =
      new Workshop(List.of(pip, npm), () -> available("python3", "pip3", "node", "npm"));

  static List<LanguageRuntime> available(String... names) {
    return Stream.of(names).map(name -> new LanguageRuntime(name, true, "1")).toList();
  }

  @AfterEach
  void end() {
    workshop.close();
    kit.shutdownTestKit();
  }

  private void start() {
    kit.spawn(
        PackageSteward.create(
            new Surroundings(SELF, this::members, store, workshop, made::add, told::add, clock)));
  }

  private List<MemberName> members() {
    if (bug.getAndSet(false)) {
      throw new IllegalStateException("a bug");
    }
    return List.of(SELF);
  }

  /** Seconds pass until it is so; how many is not said. */
  private void until(BooleanSupplier so) throws InterruptedException {
    var pause = new CountDownLatch(1);
    while (!so.getAsBoolean()) {
      clock.passes(SECOND);
      time.timePasses(SECOND);
      pause.await(5, TimeUnit.MILLISECONDS);
    }
  }

  /** What needs messages only comes about while the clock stands still. */
  private static void soon(BooleanSupplier so) throws InterruptedException {
    var pause = new CountDownLatch(1);
    while (!so.getAsBoolean()) {
      pause.await(5, TimeUnit.MILLISECONDS);
    }
  }

  private boolean is(long change, State state) {
    var status = done(store.standing(change)).statuses().get("7");
    return status != null && status.state() == state;
  }

  @Test
  void whatIsDeclaredBeforeAndAfterTheStartComesAbout() throws Exception {
    pip.put("old", "1");
    long six = install(store, "pip:six");
    start();
    until(() -> is(six, State.DONE));
    long old = declare(store, "pip:old", Presence.ABSENT);
    long docx = install(store, "npm:docx@8.12.0");
    until(() -> is(old, State.DONE) && is(docx, State.DONE));
    assertEquals(List.of("six"), pip.there());
    assertEquals(List.of("docx"), npm.there());
    until(
        () ->
            done(store.reports())
                .getFirst()
                .installed()
                .get(PackageKind.NPM)
                .equals(List.of(new InstalledPackage("docx", "8.12.0"))));
    assertTrue(
        told.contains(
            new PackageProgress(docx, "npm:docx@8.12.0", Presence.INSTALLED, "7", "done")));
    assertEquals(List.of(old, docx), made.stream().map(Declaration::change).toList(), "made since");
    assertEquals(
        List.of("python3", "pip3", "node", "npm"),
        done(store.reports()).getFirst().runtimes().stream().map(LanguageRuntime::name).toList());
  }

  @Test
  void whereNobodyInstallsIsNobody() throws Exception {
    start();
    long hello = install(store, "hello");
    until(() -> is(hello, State.NOBODY));
  }

  @Test
  void whatFailedOnceIsTriedAgain() throws Exception {
    pip.then((_, _) -> new Outcome.Failed(FailureCode.NETWORK, "no\nway"));
    start();
    long six = install(store, "pip:six");
    until(() -> !pip.asked.isEmpty());
    soon(() -> is(six, State.FAILED));
    assertEquals(
        "no way", done(store.standing(six)).statuses().get("7").failure().orElseThrow().error());
    until(() -> is(six, State.DONE));
    assertEquals(List.of("+six", "+six"), List.copyOf(pip.asked));
  }

  @Test
  void whatNeverComesBackHoldsUpItsOwnKindOnly() throws Exception {
    var never = new CountDownLatch(1);
    pip.then(
        (_, _) -> {
          never.await();
          return ScriptedInstaller.DONE;
        });
    start();
    long six = install(store, "pip:six");
    until(() -> is(six, State.WORKING));
    long idna = install(store, "pip:idna");
    long docx = install(store, "npm:docx");
    until(() -> is(docx, State.DONE) && is(idna, State.WAITING));
    assertTrue(is(six, State.WORKING));
    never.countDown();
    until(() -> is(idna, State.DONE));
    assertEquals(List.of("+six", "+idna"), List.copyOf(pip.asked));
  }

  @Test
  void whoDiedAndHadDoneItIsNotAskedAgain() throws Exception {
    var dying = new CountDownLatch(1);
    npm.then(
        (change, _) -> {
          change.run();
          npm.unseen(true);
          dying.await();
          return new Outcome.Unknown("the connection broke");
        });
    start();
    long docx = install(store, "npm:docx");
    until(() -> is(docx, State.WORKING));
    dying.countDown();
    until(() -> is(docx, State.WAITING));
    npm.unseen(false);
    until(() -> is(docx, State.DONE));
    assertEquals(List.of("+docx"), List.copyOf(npm.asked));
  }

  @Test
  void whoDiedAndHadNotDoneItIsAskedAgain() throws Exception {
    npm.then((_, _) -> new Outcome.Unknown("the connection broke"));
    start();
    long docx = install(store, "npm:docx");
    until(() -> is(docx, State.DONE));
    assertEquals(List.of("+docx", "+docx"), List.copyOf(npm.asked));
  }

  @Test
  void whatThrowsHasFailed() throws Exception {
    npm.then(
        (_, _) -> {
          throw new StackOverflowError();
        });
    start();
    long docx = install(store, "npm:docx");
    until(() -> !npm.asked.isEmpty());
    soon(() -> is(docx, State.FAILED));
    until(() -> is(docx, State.DONE));
  }

  @Test
  void whatFailsForeverIsWithdrawn() throws Exception {
    for (int i = 0; i < 2; i++) {
      pip.then((_, _) -> new Outcome.Failed(FailureCode.NOT_FOUND, "no such package"));
    }
    start();
    long typo = install(store, "pip:sxi");
    until(() -> pip.asked.size() == 2);
    soon(() -> done(store.standing(typo)).declaration().orElseThrow().withdrawn());
    until(() -> is(typo, State.FAILED));
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    assertEquals(List.of("+sxi", "+sxi", "+six"), List.copyOf(pip.asked));
    clock.passes(Duration.ofHours(1));
    until(() -> done(store.all()).declarations().size() == 1);
  }

  /** Pip's packages bring others in, which are listed like those that somebody declared. */
  private void bringsInNumpy() {
    pip.then(
        (change, _) -> {
          change.run();
          pip.put("numpy", "2");
          return ScriptedInstaller.DONE;
        });
  }

  @Test
  void whatWasRemovedMayBeBroughtInAgainByWhatIsDeclaredLater() throws Exception {
    pip.put("numpy", "1");
    start();
    long numpy = declare(store, "pip:numpy", Presence.ABSENT);
    until(() -> is(numpy, State.DONE) && pip.there().isEmpty());
    bringsInNumpy();
    long pandas = install(store, "pip:pandas");
    until(() -> is(pandas, State.DONE));
    clock.passes(Duration.ofMinutes(10));
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    assertEquals(List.of("-numpy", "+pandas", "+six"), List.copyOf(pip.asked));
    assertTrue(is(numpy, State.DONE));
  }

  @Test
  void whoStartsAnewLeavesWhatWasBroughtInAfterItWasRemoved() throws Exception {
    long numpy = declare(store, "pip:numpy", Presence.ABSENT);
    long pandas = install(store, "pip:pandas");
    List.of("numpy", "pandas").forEach(name -> pip.put(name, "1"));
    start();
    until(() -> is(pandas, State.DONE) && is(numpy, State.DONE));
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    assertEquals(List.of("+six"), List.copyOf(pip.asked));
  }

  @Test
  void whoWasAwayRemovesItOnceAndThenWhatIsDeclaredLaterMayBringItIn() throws Exception {
    pip.put("numpy", "1");
    pip.then(
        (change, _) -> {
          change.run();
          return ScriptedInstaller.DONE;
        });
    bringsInNumpy();
    long numpy = declare(store, "pip:numpy", Presence.ABSENT);
    long pandas = install(store, "pip:pandas");
    start();
    until(() -> is(pandas, State.DONE) && is(numpy, State.DONE));
    assertEquals(List.of("-numpy", "+pandas"), List.copyOf(pip.asked));
    assertEquals(List.of("numpy", "pandas"), pip.there());
  }

  @Test
  void whatOnceCameAboutIsNotWithdrawn() throws Exception {
    start();
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    pip.remove("six");
    for (int i = 0; i < 3; i++) {
      pip.then((_, _) -> new Outcome.Failed(FailureCode.NOT_FOUND, "an index that is ill"));
    }
    clock.passes(Duration.ofMinutes(10));
    until(() -> pip.there().equals(List.of("six")));
    assertEquals(5, pip.asked.size());
  }

  @Test
  void aTagIsAskedForOnceAndWhoStartsAnewIsContentWithWhatIsThere() throws Exception {
    npm.put("docx", "8.0.0");
    long before = install(store, "npm:docx@next");
    start();
    until(() -> is(before, State.DONE));
    assertEquals(List.of(), List.copyOf(npm.asked));
    long anew = install(store, "npm:docx@next");
    until(() -> is(anew, State.DONE));
    assertEquals(List.of("+docx"), List.copyOf(npm.asked));
    npm.remove("docx");
    clock.passes(Duration.ofMinutes(10));
    until(() -> npm.there().equals(List.of("docx")));
  }

  /** Neither a removal nor what is told again is a reason to ask about all nodes. */
  @Test
  void onlyInstallationsThatJustFailedAreJudged() throws Exception {
    pip.put("six", "1");
    pip.then((_, _) -> new Outcome.Failed(FailureCode.CONFLICT, "it is needed"));
    start();
    long six = declare(store, "pip:six", Presence.ABSENT);
    until(() -> !pip.asked.isEmpty());
    soon(() -> is(six, State.FAILED));
    var told = at();
    int asked = store.standings();
    clock.passes(Duration.ofMinutes(1));
    until(() -> at().isAfter(told.plusSeconds(30)));
    until(() -> pip.there().isEmpty());
    assertEquals(asked, store.standings());
  }

  private Instant at() {
    return done(store.reports()).getFirst().at();
  }

  @Test
  void aDatabaseThatIsAwayIsAskedAgain() throws Exception {
    store.away(true);
    start();
    time.timePasses(SECOND);
    store.away(false);
    long six = install(store, "pip:six");
    until(() -> is(six, State.WORKING) || is(six, State.DONE));
    store.away(true);
    time.timePasses(SECOND);
    store.away(false);
    until(() -> is(six, State.DONE));
  }

  @Test
  void whatIsRemovedByHandIsMissedAfterAWhile() throws Exception {
    start();
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    pip.remove("six");
    clock.passes(Duration.ofMinutes(10));
    until(() -> pip.there().equals(List.of("six")));
    assertEquals(2, pip.asked.size());
  }

  @Test
  void aStewardThatFailsStartsAnewAndFindsOutWhatIsThere() throws Exception {
    var going = new CountDownLatch(1);
    pip.then(
        (change, _) -> {
          going.await();
          change.run();
          return ScriptedInstaller.DONE;
        });
    start();
    long six = install(store, "pip:six");
    until(() -> !pip.asked.isEmpty());
    store.breaks();
    until(() -> !store.isBroken());
    going.countDown();
    until(() -> is(six, State.DONE));
    assertEquals(List.of("+six"), List.copyOf(pip.asked));
  }

  @Test
  void whoTellsAndFailsTellsAgain() throws Exception {
    start();
    until(() -> nodes().equals(Set.of("7")));
    bug.set(true);
    clock.passes(Duration.ofMinutes(1));
    until(() -> !bug.get());
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
  }

  /** Who did it, and why: or nobody could find out where it has gone. */
  @Test
  void whatIsWithdrawnLeavesAnEntry() throws Exception {
    for (int i = 0; i < 2; i++) {
      pip.then((_, _) -> new Outcome.Failed(FailureCode.NOT_FOUND, "no such package"));
    }
    start();
    long typo = install(store, "pip:sxi");
    until(() -> pip.asked.size() == 2);
    soon(() -> done(store.standing(typo)).declaration().orElseThrow().withdrawn());
    var entry =
        done(audit.list(AuditLog.Query.all(9, 0))).entries().stream()
            .filter(one -> one.action().equals("package.withdrawn"))
            .findFirst()
            .orElseThrow();
    assertEquals(new Actor("node", "node-1"), entry.actor());
    assertEquals(Optional.of("pip:sxi"), entry.entityId());
    assertEquals(Map.of("failures", "node-1: no such package"), entry.details());
  }

  @Test
  void whatMayNotBeDoneNowIsTriedAgain() throws Exception {
    for (int i = 0; i < 4; i++) {
      pip.then((_, _) -> new Outcome.Failed(FailureCode.PERMISSION, "your token is too old"));
    }
    start();
    long six = install(store, "pip:six");
    until(() -> is(six, State.DONE));
    assertEquals(5, pip.asked.size());
  }

  @Test
  void nodesThatAreGoneAreForgotten() throws Exception {
    done(store.report(NodePackages.unheard(new MemberName("3", "gone"))));
    start();
    until(() -> nodes().equals(Set.of("3", "7")));
    clock.passes(Duration.ofMinutes(2));
    until(() -> nodes().equals(Set.of("7")));
  }

  private Set<String> nodes() {
    return Set.copyOf(done(store.reports()).stream().map(NodePackages::node).toList());
  }
}
