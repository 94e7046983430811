package clawster.runtime.packages;

import static clawster.runtime.packages.DesiredPackagesContract.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.runtime.packages.Packages.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConvergenceTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final Outcome DONE = new Outcome.Done(List.of());
  private static final Outcome UNKNOWN = new Outcome.Unknown("it died");

  private static Outcome failed(FailureCode code) {
    return new Outcome.Failed(code, "no");
  }

  private static Declaration declaration(long change, String spec, Presence presence) {
    return new Declaration(change, spec(spec), presence, false);
  }

  private static Declaration wanted(long change, String spec) {
    return declaration(change, spec, Presence.INSTALLED);
  }

  private static Declaration unwanted(long change, String spec) {
    return declaration(change, spec, Presence.ABSENT);
  }

  /** Of packages as {@code name=version}. */
  private static Inventory listed(PackageKind kind, String... packages) {
    return Inventory.Listed.of(
        kind,
        Stream.of(packages)
            .map(one -> one.split("="))
            .map(one -> new InstalledPackage(one[0], one[1]))
            .toList());
  }

  private static Convergence looked(
      Inventory inventory, Map<Long, Attempt> attempts, Declaration... declared) {
    var byRef = new HashMap<PackageRef, Attempt>();
    for (var one : declared) {
      if (attempts.containsKey(one.change())) {
        byRef.put(one.ref(), attempts.get(one.change()));
      }
    }
    var looks =
        Stream.of(PackageKind.values())
            .collect(Collectors.toMap(kind -> kind, _ -> new Look(inventory, 100, NOW, 0)));
    return new Convergence(List.of(declared), looks, byRef, Set.of());
  }

  private static Convergence looked(Inventory inventory, Declaration... declared) {
    return looked(inventory, Map.of(), declared);
  }

  private static Attempt tried(long change, Outcome outcome) {
    return new Attempt(change, 1, 0, NOW, outcome);
  }

  private static List<Long> next(Convergence convergence, PackageKind kind, Instant now) {
    return convergence.next(kind, now).map(Declaration::change).stream().toList();
  }

  private static String states(Convergence convergence) {
    return convergence.statuses(Set.of()).stream()
        .map(status -> status.state().name())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "npm:docx, docx=8.12.0, true",
    "npm:docx@8.12.0, docx=8.12.0, true",
    "npm:docx@8.12.0, docx=8.12.1, false",
    "npm:docx@8.1, docx=8.12.0, false",
    "npm:docx@8.12, docx=8.12.0, true",
    "npm:docx@8, docx=8.12.0, true",
    "npm:docx@8, docx=80.1.0, false",
    "npm:docx@8.12.0+b, docx=8.12.0, true",
    "npm:docx@8.12.0-rc.1, docx=8.12.0, false",
    "npm:docx@8.12.0-rc.1, docx=8.12.0-rc.1, true",
    "npm:docx@next, docx=8.12.0, false",
    "npm:docx@8.12.0, docx=, false",
    "npm:@a/docx, docx=1, false",
    "npm:@a/docx, @a/docx=1, true",
    "pip:Zope.Interface, zope_interface=1, true",
    "pip:zope, zope-interface=1, false",
    "hello, hello=2.10-3, true",
    "hello, Hello=2.10-3, false",
  })
  void whatIsThereIsWhatWasDeclared(String wanted, String there, boolean met) {
    var kind = spec(wanted).ref().kind();
    var parts = there.split("=", 2);
    var inventory = Inventory.Listed.of(kind, List.of(new InstalledPackage(parts[0], parts[1])));
    var convergence = looked(inventory, wanted(1, wanted));
    assertEquals(met ? "DONE" : "WAITING", states(convergence));
    assertEquals(met ? List.of() : List.of(1L), next(convergence, kind, NOW));
  }

  @Test
  void whatIsNotWantedIsRemovedWhereItIsThere() {
    var there = listed(PackageKind.PIP, "idna=1");
    assertEquals(List.of(1L), next(looked(there, unwanted(1, "pip:idna")), PackageKind.PIP, NOW));
    var convergence = looked(there, unwanted(1, "pip:six"));
    assertEquals("DONE", states(convergence));
    assertEquals(List.of(), next(convergence, PackageKind.PIP, NOW));
  }

  @Test
  void aSystemsOwnPackagesAreOnNoListSoWhoeverInstallsIsAsked() {
    var none = listed(PackageKind.SYSTEM);
    var asked = looked(none, unwanted(1, "curl"));
    assertEquals("WAITING", states(asked));
    assertEquals(List.of(1L), next(asked, PackageKind.SYSTEM, NOW));
    for (var declaration : List.of(unwanted(1, "curl"), wanted(1, "curl"))) {
      var answered = looked(none, Map.of(1L, tried(1, DONE)), declaration);
      assertEquals("DONE", states(answered));
      assertEquals(List.of(), next(answered, PackageKind.SYSTEM, NOW.plusSeconds(90_000)));
      assertEquals(1, answered.remembered().size());
    }
  }

  @Test
  void whatIsStillThereAfterItWasRemovedIsNotDone() {
    var there = listed(PackageKind.SYSTEM, "curl=8");
    var convergence = looked(there, Map.of(1L, tried(1, DONE)), unwanted(1, "curl"));
    assertEquals("FAILED", states(convergence));
    assertEquals(List.of(), next(convergence, PackageKind.SYSTEM, NOW.plusSeconds(9)));
    assertEquals(List.of(1L), next(convergence, PackageKind.SYSTEM, NOW.plusSeconds(10)));
  }

  @Test
  void whatIsSeenNeedsNoMemoryAndSoIsMissedWhenItGoes() {
    var tried = Map.of(1L, tried(1, DONE));
    var seen = looked(listed(PackageKind.PIP, "six=1"), tried, wanted(1, "pip:six"));
    assertEquals(Map.of(), seen.remembered());
    assertEquals(
        List.of(1L),
        next(looked(listed(PackageKind.PIP), wanted(1, "pip:six")), PackageKind.PIP, NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "NETWORK, FAILED",
    "NOT_FOUND, FAILED",
    "TIMEOUT, FAILED",
    "LOCKED, WAITING",
    "HELPER_UNAVAILABLE, WAITING",
  })
  void whatFailedIsTriedAgainAfterAPause(FailureCode code, String state) {
    var convergence =
        looked(listed(PackageKind.NPM), Map.of(1L, tried(1, failed(code))), wanted(1, "npm:docx"));
    assertEquals(state, states(convergence));
    assertEquals(List.of(), next(convergence, PackageKind.NPM, NOW.plusSeconds(9)));
    assertEquals(List.of(1L), next(convergence, PackageKind.NPM, NOW.plusSeconds(10)));
  }

  /** Whoever was seen a moment ago is being started again. */
  @Test
  void whoIsAwayIsWaitedForAndThenItHasFailed() {
    var gone = failed(FailureCode.HELPER_UNAVAILABLE);
    var there = listed(PackageKind.SYSTEM);
    var hello = wanted(1, "hello");
    assertEquals("WAITING", states(looked(there, Map.of(1L, times(2, gone)), hello)));
    assertEquals("FAILED", states(looked(there, Map.of(1L, times(3, gone)), hello)));
    var unclear = new Inventory.Unclear("refused");
    assertEquals("WAITING", states(looked(unclear, Map.of(1L, times(1, gone)), hello)));
    assertEquals(
        "NOBODY", states(looked(new Inventory.Nobody(), Map.of(1L, times(1, gone)), hello)));
    var late = looked(there, Map.of(1L, times(9, gone)), hello);
    assertEquals(List.of(1L), next(late, PackageKind.SYSTEM, NOW.plusSeconds(60)));
  }

  private static Attempt times(int times, Outcome outcome) {
    return new Attempt(1, times, 0, NOW, outcome);
  }

  /** Whoever did it may say what it likes: pip's and npm's lists show all there is. */
  @Test
  void whatACompleteListDoesNotShowIsNotThere() {
    var tried = Map.of(1L, tried(1, DONE));
    var next = wanted(1, "npm:docx@next");
    var gone = looked(listed(PackageKind.NPM), tried, next);
    assertEquals("FAILED", states(gone));
    assertEquals(List.of(), next(gone, PackageKind.NPM, NOW.plusSeconds(9)));
    assertEquals(List.of(1L), next(gone, PackageKind.NPM, NOW.plusSeconds(10)));
    var there = looked(listed(PackageKind.NPM, "docx=9"), tried, next);
    assertEquals("DONE", states(there));
    assertEquals(List.of(), next(there, PackageKind.NPM, NOW.plusSeconds(90_000)));
  }

  @Test
  void notToKnowIsNoAnswer() {
    var tried = Map.of(1L, tried(1, UNKNOWN));
    assertEquals("WAITING", states(looked(listed(PackageKind.NPM), tried, wanted(1, "npm:a"))));
    assertEquals(
        "WAITING", states(looked(new Inventory.Unclear("why"), tried, wanted(1, "npm:a"))));
    assertEquals("WAITING", states(looked(new Inventory.Nobody(), tried, wanted(1, "npm:a"))));
    assertEquals("DONE", states(looked(listed(PackageKind.NPM, "a=1"), tried, wanted(1, "npm:a"))));
  }

  @Test
  void whoCannotSayWhatIsThereIsGivenNothingToDo() {
    var unclear = looked(new Inventory.Unclear("broken list"), wanted(1, "npm:a"));
    assertEquals("FAILED", states(unclear));
    assertEquals(
        "broken list", unclear.statuses(Set.of()).getFirst().failure().orElseThrow().error());
    assertEquals(List.of(), next(unclear, PackageKind.NPM, NOW));
    var done = looked(new Inventory.Unclear(""), Map.of(1L, tried(1, DONE)), wanted(1, "npm:a"));
    assertEquals("DONE", states(done), "who did it has said so");
    var nobody = looked(new Inventory.Nobody(), wanted(1, "npm:a"));
    assertEquals("NOBODY", states(nobody));
    assertEquals(List.of(), next(nobody, PackageKind.NPM, NOW));
  }

  @Test
  void aLookSaysNothingOfWhatWasDeclaredAfterIt() {
    var look = new Look(listed(PackageKind.PIP, "six=1"), 4, NOW, 0);
    var declared = List.of(wanted(4, "pip:six"), unwanted(5, "pip:idna"), wanted(6, "npm:a"));
    var convergence = new Convergence(declared, Map.of(PackageKind.PIP, look), Map.of(), Set.of());
    assertEquals("DONE WAITING WAITING", states(convergence));
    assertEquals(List.of(), next(convergence, PackageKind.PIP, NOW));
    assertTrue(convergence.needsLook(PackageKind.PIP));
    assertTrue(convergence.needsLook(PackageKind.NPM));
    assertFalse(convergence.needsLook(PackageKind.SYSTEM));
  }

  @Test
  void refusalsAreCountedInARowAndOfInstallationsOnly() {
    var six = wanted(1, "pip:six");
    var none = failed(FailureCode.NOT_FOUND);
    var first = Attempt.after(Optional.empty(), six, NOW, none);
    var second = Attempt.after(Optional.of(first), six, NOW, none);
    assertEquals(new Attempt(1, 2, 2, NOW, none), second);
    var away = failed(FailureCode.NETWORK);
    assertEquals(
        new Attempt(1, 3, 0, NOW, away), Attempt.after(Optional.of(second), six, NOW, away));
    var permission = failed(FailureCode.PERMISSION);
    assertEquals(0, Attempt.after(Optional.empty(), six, NOW, permission).refusals());
    var anew = Attempt.after(Optional.of(second), wanted(2, "pip:six"), NOW, none);
    assertEquals(new Attempt(2, 1, 1, NOW, none), anew);
    var removal = unwanted(1, "pip:six");
    assertEquals(0, Attempt.after(Optional.of(second), removal, NOW, none).refusals());
  }

  /** Pandas brings numpy in, which was removed before. */
  @Test
  void whatWasRemovedOnceStaysWhenItIsBroughtInLater() {
    var declared = List.of(unwanted(1, "pip:numpy"), wanted(2, "pip:pandas"));
    var removed = pip(declared, Set.of(), "six=1");
    assertEquals(Set.of(1L), removed.fulfilledNow());
    assertEquals(List.of(2L), next(removed, PackageKind.PIP, NOW));
    var brought = pip(declared, removed.fulfilledNow(), "numpy=2", "pandas=2");
    assertEquals("DONE DONE", states(brought));
    assertEquals(List.of(), next(brought, PackageKind.PIP, NOW));
    assertEquals(Set.of(1L), brought.fulfilledNow());
    var away = pip(declared, Set.of(), "numpy=1");
    assertEquals(Set.of(), away.presumed(PackageKind.PIP, 2));
    assertEquals(List.of(1L), next(away, PackageKind.PIP, NOW), "it goes before the other comes");
  }

  private static Convergence pip(List<Declaration> declared, Set<Long> fulfilled, String... there) {
    var look = new Look(listed(PackageKind.PIP, there), 100, NOW, 0);
    return new Convergence(declared, Map.of(PackageKind.PIP, look), Map.of(), fulfilled);
  }

  @Test
  void whoStartsPresumesThatItHadDoneInOrderWhatWasDeclared() {
    var numpy = unwanted(1, "pip:numpy");
    var both = new String[] {"numpy=2", "pandas=2"};
    var later = pip(List.of(numpy, wanted(2, "pip:pandas")), Set.of(), both);
    assertEquals(Set.of(1L), later.presumed(PackageKind.PIP, 2));
    assertEquals(Set.of(), later.presumed(PackageKind.PIP, 0), "declared since it started");
    assertEquals(Set.of(), later.presumed(PackageKind.NPM, 2));
    var earlier = pip(List.of(wanted(0, "pip:pandas"), numpy), Set.of(), both);
    assertEquals(Set.of(), earlier.presumed(PackageKind.PIP, 2));
    var tags = List.of(wanted(1, "npm:a@next"), wanted(2, "npm:b@next"), wanted(3, "npm:c@9.0.0"));
    var npm =
        looked(listed(PackageKind.NPM, "a=1", "b=1", "c=1"), tags.toArray(Declaration[]::new));
    assertEquals(Set.of(1L, 2L), npm.presumed(PackageKind.NPM, 9));
    assertEquals(
        Set.of(),
        looked(listed(PackageKind.NPM), tags.toArray(Declaration[]::new))
            .presumed(PackageKind.NPM, 9));
  }

  @Test
  void aNewDeclarationBeginsAnew() {
    var attempts = Map.of(2L, new Attempt(1, 9, 0, NOW, failed(FailureCode.NETWORK)));
    var convergence = looked(listed(PackageKind.PIP), attempts, wanted(2, "pip:six"));
    assertEquals("WAITING", states(convergence));
    assertEquals(List.of(2L), next(convergence, PackageKind.PIP, NOW));
    assertEquals(Map.of(), convergence.remembered());
  }

  @Test
  void firstComesWhatWasNeverTriedInTheOrderItWasDeclared() {
    var attempts =
        Map.of(
            1L,
            tried(1, failed(FailureCode.NETWORK)),
            2L,
            new Attempt(2, 1, 0, NOW.minusSeconds(5), failed(FailureCode.NETWORK)));
    var tried = new Declaration[] {wanted(1, "pip:a"), wanted(2, "pip:b")};
    var later = NOW.plusSeconds(60);
    var none = listed(PackageKind.PIP);
    assertEquals(List.of(2L), next(looked(none, attempts, tried), PackageKind.PIP, later));
    var more =
        new Declaration[] {
          tried[0], tried[1], wanted(3, "npm:c"), wanted(5, "pip:e"), wanted(4, "pip:d")
        };
    assertEquals(List.of(4L), next(looked(none, attempts, more), PackageKind.PIP, later));
    assertEquals(List.of(3L), next(looked(none, attempts, more), PackageKind.NPM, later));
    assertEquals(List.of(), next(looked(none, attempts, more), PackageKind.SYSTEM, later));
  }

  @Test
  void whatIsWithdrawnIsNotDoneAndStillSaysWhyItFailed() {
    var withdrawn = new Declaration(1, spec("pip:a"), Presence.INSTALLED, true);
    var none = listed(PackageKind.PIP);
    assertEquals("", states(looked(none, withdrawn)));
    var failed = looked(none, Map.of(1L, tried(1, failed(FailureCode.NOT_FOUND))), withdrawn);
    assertEquals("FAILED", states(failed));
    assertEquals(List.of(), next(failed, PackageKind.PIP, NOW.plusSeconds(90_000)));
  }

  @Test
  void whatIsBeingDoneIsWorking() {
    var convergence = looked(listed(PackageKind.PIP), wanted(1, "pip:a"), wanted(2, "npm:b"));
    assertEquals(
        List.of(PackageStatus.State.WAITING, PackageStatus.State.WORKING),
        convergence.statuses(Set.of(2L)).stream().map(PackageStatus::state).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10",
    "2, 20",
    "3, 40",
    "9, 2560",
    "10, 3600",
    "31, 3600",
    "32, 3600",
    "2147483647, 3600"
  })
  void pausesGrowToAnHour(int times, int seconds) {
    assertEquals(Duration.ofSeconds(seconds), Pauses.TO_TRY.after(times));
  }
}
