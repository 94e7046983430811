package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every keeper of declarations does. */
public interface DesiredPackagesContract {

  Duration HOUR = Duration.ofHours(1);

  Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /** Without any declaration. */
  DesiredPackages store();

  /** Where entries of its changes are. */
  AuditLog audit();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static PackageSpec spec(String text) {
    return PackageSpec.parse(text).orElseThrow();
  }

  static AuditEntry entry(String about) {
    return AuditEntry.of(
            Action.PACKAGE_INSTALLED, new Actor("gateway", "gateway"), Optional.empty(), NOON)
        .about(about);
  }

  static AuditEntry withdrawal(String about) {
    return AuditEntry.of(
            Action.PACKAGE_WITHDRAWN, new Actor("node", "node-1"), Optional.empty(), NOON)
        .about("withdrawn " + about);
  }

  static long declare(DesiredPackages store, String spec, Presence presence) {
    return done(store.declare(spec(spec), presence, entry(spec))).orElseThrow();
  }

  static long install(DesiredPackages store, String spec) {
    return declare(store, spec, Presence.INSTALLED);
  }

  private List<String> recorded() {
    return done(audit().list(AuditLog.Query.all(20, 0))).entries().stream()
        .map(entry -> entry.entityId().orElseThrow())
        .sorted()
        .toList();
  }

  @Test
  default void atFirstNothingIsDeclared() {
    var store = store();
    assertEquals(0, done(store.revision()));
    assertEquals(new DesiredPackages.Declared(0, List.of()), done(store.all()));
    assertEquals(new Standing(Optional.empty(), Map.of(), Map.of()), done(store.standing(1)));
    assertEquals(List.of(), done(store.reports()));
  }

  @Test
  default void whatIsDeclaredIsReadAsItWasDeclaredInOrderAndRecorded() {
    var store = store();
    long hello = install(store, "hello");
    long docx = install(store, "npm:docx@8.12.0");
    long pandas = declare(store, "pip:pandas", Presence.ABSENT);
    assertTrue(hello < docx && docx < pandas);
    assertEquals(
        new DesiredPackages.Declared(
            pandas,
            List.of(
                new Declaration(hello, spec("hello"), Presence.INSTALLED, false),
                new Declaration(docx, spec("npm:docx@8.12.0"), Presence.INSTALLED, false),
                new Declaration(pandas, spec("pip:pandas"), Presence.ABSENT, false))),
        done(store.all()));
    assertEquals(pandas, done(store.revision()));
    assertEquals(List.of("hello", "npm:docx@8.12.0", "pip:pandas"), recorded());
  }

  @Test
  default void aLaterDeclarationTakesThePlaceOfTheEarlierOne() {
    var store = store();
    long first = install(store, "npm:docx@8.12.0");
    long second = declare(store, "npm:docx", Presence.ABSENT);
    var left = new Declaration(second, spec("npm:docx"), Presence.ABSENT, false);
    assertEquals(List.of(left), done(store.all()).declarations());
    assertEquals(Optional.empty(), done(store.standing(first)).declaration());
    assertEquals(Optional.of(left), done(store.standing(second)).declaration());
  }

  @Test
  default void ofManyAtOnceEachHasANumberAndTheLastOneStands() {
    var store = store();
    var all =
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    store
                        .declare(
                            spec("npm:docx@" + i + ".0.0"), Presence.INSTALLED, entry("docx " + i))
                        .toCompletableFuture())
            .toList();
    var numbers = all.stream().map(CompletableFuture::join).map(Optional::orElseThrow).toList();
    assertEquals(16, Set.copyOf(numbers).size());
    var last = numbers.stream().max(Long::compare).orElseThrow();
    var left = done(store.all()).declarations();
    assertEquals(List.of(last), left.stream().map(Declaration::change).toList());
    assertEquals(Optional.of(numbers.indexOf(last) + ".0.0"), left.getFirst().spec().version());
    assertEquals(16, recorded().size());
  }

  @Test
  default void thereAreSoManyAndNoMoreUntilOneIsWithdrawn() {
    var store = store();
    long first = install(store, "p0");
    for (int i = 1; i < DesiredPackages.MOST; i++) {
      install(store, "p" + i);
    }
    long revision = done(store.revision());
    assertEquals(
        Optional.empty(), done(store.declare(spec("more"), Presence.INSTALLED, entry("more"))));
    assertEquals(revision, done(store.revision()));
    long again = install(store, "p1");
    assertTrue(done(store.withdraw(first, HOUR, withdrawal("p0"))));
    long more = install(store, "more");
    var changes = done(store.all()).declarations().stream().map(Declaration::change).toList();
    assertEquals(DesiredPackages.MOST, changes.size());
    assertFalse(changes.contains(first));
    assertTrue(changes.containsAll(List.of(again, more)));
  }

  @Test
  default void whatIsWithdrawnIsStillShownAndCountsAsAChange() {
    var store = store();
    long change = install(store, "hello");
    assertTrue(done(store.withdraw(change, HOUR, withdrawal("hello"))));
    assertFalse(done(store.withdraw(change, HOUR, withdrawal("hello"))));
    assertFalse(done(store.withdraw(change + 100, HOUR, withdrawal("none"))));
    assertEquals(change + 1, done(store.revision()));
    assertTrue(done(store.standing(change)).declaration().orElseThrow().withdrawn());
    long anew = install(store, "hello");
    assertFalse(done(store.standing(anew)).declaration().orElseThrow().withdrawn());
    assertFalse(
        done(store.withdraw(change, HOUR, withdrawal("hello"))), "it is about the earlier one");
    assertFalse(done(store.all()).declarations().getFirst().withdrawn());
    assertEquals(List.of("hello", "hello", "withdrawn hello"), recorded());
  }

  @Test
  default void whatSomeNodeHadOrIsDeclaredForLongIsNotWithdrawn() {
    var store = store();
    long old = install(store, "old");
    assertFalse(done(store.withdraw(old, Duration.ZERO, withdrawal("old"))));
    long had = install(store, "had");
    done(store.report(report("7", status("had", had, State.DONE))));
    done(store.report(report("7", status("had", had, State.FAILED))));
    long revision = done(store.revision());
    assertFalse(done(store.withdraw(had, HOUR, withdrawal("had"))));
    assertEquals(revision, done(store.revision()));
    assertEquals(List.of("had", "old"), recorded());
    long anew = install(store, "had");
    assertTrue(done(store.withdraw(anew, HOUR, withdrawal("had"))), "it begins anew");
  }

  @Test
  default void aNodeMovesWhenAnyOfItsStatusesDoes() {
    var store = store();
    var hello = status("hello", 1, State.WAITING);
    done(store.report(report("7", hello, status("other", 2, State.WAITING))));
    var first = done(store.standing(1)).moved();
    assertEquals(Set.of("7"), first.keySet());
    done(store.report(report("7", hello, status("other", 2, State.WAITING))));
    assertEquals(first, done(store.standing(1)).moved(), "it says the same");
    done(store.report(report("7", hello, status("other", 2, State.WORKING))));
    var second = done(store.standing(1)).moved();
    assertTrue(second.get("7").isAfter(first.get("7")));
    done(store.report(report("7", hello)));
    assertTrue(done(store.standing(1)).moved().get("7").isAfter(second.get("7")));
  }

  static PackageStatus status(String spec, long change, State state) {
    return new PackageStatus(spec(spec).ref(), change, state, Optional.empty());
  }

  static NodePackages report(String node, PackageStatus... statuses) {
    return new NodePackages(
        node,
        "node-" + node,
        Map.of(
            PackageKind.PIP,
            List.of(new InstalledPackage("idna", "3.7"), new InstalledPackage("pän \"das\"", "")),
            PackageKind.NPM,
            List.of()),
        List.of(
            new LanguageRuntime("python3", true, "Python 3.12"),
            new LanguageRuntime("node", false, "")),
        List.of(statuses),
        NOON);
  }

  static NodePackages without(NodePackages report) {
    return new NodePackages(
        report.node(),
        report.name(),
        report.installed(),
        report.runtimes(),
        report.statuses(),
        NOON);
  }

  @Test
  default void whatANodeSaysIsReadAsItWasSaidAndTakesThePlaceOfWhatItSaidBefore() {
    var store = store();
    var failed =
        new PackageStatus(
            spec("npm:docx").ref(),
            2,
            State.FAILED,
            Optional.of(new Failure(FailureCode.NOT_FOUND, "no \"docx\", nịt", 2)));
    done(store.report(report("7", status("hello", 1, State.WORKING), failed)));
    done(store.report(report("8", status("hello", 1, State.NOBODY))));
    assertEquals(
        List.of(
            report("7", status("hello", 1, State.WORKING), failed),
            report("8", status("hello", 1, State.NOBODY))),
        done(store.reports()).stream().map(DesiredPackagesContract::without).toList());
    var later = report("7", failed, status("hello", 3, State.DONE));
    done(store.report(later));
    assertEquals(later, without(done(store.reports()).getFirst()));
    assertEquals(Map.of("8", status("hello", 1, State.NOBODY)), done(store.standing(1)).statuses());
    assertEquals(Map.of("7", failed), done(store.standing(2)).statuses());
    done(store.report(report("7")));
    assertEquals(report("7"), without(done(store.reports()).getFirst()));
  }

  @Test
  default void reportsOfOthersThanMembersAreForgottenOnceTheyAreSilent() {
    var store = store();
    List.of("7", "8", "9").forEach(node -> done(store.report(report(node))));
    done(store.tidy(Set.of("8"), Duration.ofHours(1), Duration.ZERO));
    assertEquals(3, done(store.reports()).size());
    done(store.tidy(Set.of("8"), Duration.ZERO, Duration.ZERO));
    assertEquals(
        Set.of("8"),
        done(store.reports()).stream().map(NodePackages::node).collect(Collectors.toSet()));
  }

  @Test
  default void whatIsWithdrawnIsForgottenAfterAWhile() {
    var store = store();
    long change = install(store, "hello");
    long other = install(store, "other");
    done(store.withdraw(change, HOUR, withdrawal("hello")));
    long revision = done(store.revision());
    done(store.tidy(Set.of(), Duration.ZERO, Duration.ofHours(1)));
    assertEquals(2, done(store.all()).declarations().size());
    assertEquals(revision, done(store.revision()), "nothing has changed");
    done(store.tidy(Set.of(), Duration.ZERO, Duration.ZERO));
    assertTrue(done(store.revision()) > revision, "or nobody would read it again");
    assertEquals(
        List.of(other),
        done(store.all()).declarations().stream().map(Declaration::change).toList());
  }
}
