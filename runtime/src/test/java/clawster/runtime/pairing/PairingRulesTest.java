package clawster.runtime.pairing;

import static clawster.runtime.pairing.PairingsContract.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.runtime.identity.Scope;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
import clawster.runtime.pairing.PairingCommand.Approve;
import clawster.runtime.pairing.PairingCommand.Deny;
import clawster.runtime.pairing.PairingCommand.Request;
import clawster.runtime.pairing.PairingCommand.Revoke;
import clawster.runtime.pairing.PairingEvent.Approved;
import clawster.runtime.pairing.PairingEvent.Denied;
import clawster.runtime.pairing.PairingEvent.Expired;
import clawster.runtime.pairing.PairingEvent.Missed;
import clawster.runtime.pairing.PairingEvent.Requested;
import clawster.runtime.pairing.PairingEvent.Revoked;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Given what has happened, when somebody says something, then this follows. */
final class PairingRulesTest {

  private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);
  private static final PairingCode CODE = new PairingCode("ABCD2345");
  private static final PairingCode OTHER = new PairingCode("ABCD2346");
  private static final Device DEVICE = Device.browser(SenderId.next(), "here");
  private static final PendingDevice PENDING =
      new PendingDevice(DEVICE, CODE, NOON, NOON.plus(Duration.ofHours(1)));
  private static final PairedDevice PAIRED =
      new PairedDevice(DEVICE, NOON, "gateway", NOON.plus(Duration.ofDays(30)), Optional.empty());

  private final PairingRules rules = new PairingRules();
  private PairingState state = rules.initial();

  private PairingRulesTest given(PairingEvent... events) {
    for (var event : events) {
      state = rules.evolve(state, event);
    }
    return this;
  }

  private void happens(PairingCommand command, PairingEvent... events) {
    assertEquals(Decision.happens(List.of(events)), rules.decide(state, command));
  }

  private void refused(PairingCommand command, Problem problem) {
    switch (rules.decide(state, command)) {
      case Decision.Refused<PairingEvent>(var why) -> assertEquals(problem.code(), why.code());
      case Decision.Happens<PairingEvent>(var events) -> throw new AssertionError(events);
    }
  }

  private static Request request(String account, Instant at) {
    return new Request(Device.browser(SenderId.next(), account), PairingCode.next(), at);
  }

  private static Approve approve(PairingCode code, Instant at) {
    return new Approve(code, "gateway", ALL, at);
  }

  private void waiting(String account, int devices, Instant at) {
    for (int i = 0; i < devices; i++) {
      var request = request(account, at);
      switch (rules.decide(state, request)) {
        case Decision.Happens<PairingEvent>(var events) ->
            given(events.toArray(PairingEvent[]::new));
        case Decision.Refused<PairingEvent>(var problem) -> throw new AssertionError(problem);
      }
    }
  }

  @Test
  void whoAsksWaitsForAnHour() {
    happens(new Request(DEVICE, CODE, NOON), new Requested(PENDING));
  }

  @Test
  void threeMayWaitFromOnePlace() {
    waiting("here", 3, NOON);
    refused(request("here", NOON), PairingProblems.TOO_MANY_PENDING);
    waiting("there", 3, NOON);
  }

  @Test
  void thereIsAnEndToHowManyWaitFromAnywhere() {
    for (int i = 0; i < PairingRules.MOST_PENDING; i++) {
      waiting("place " + i, 1, NOON);
    }
    refused(request("elsewhere", NOON), PairingProblems.TOO_MANY_PENDING);
  }

  @Test
  void aPlaceIsFreeAgainWhenACodeHasExpired() {
    waiting("here", 3, NOON);
    refused(request("here", NOON.plusSeconds(3_599)), PairingProblems.TOO_MANY_PENDING);
    waiting("here", 3, NOON.plusSeconds(3_600));
    assertEquals(3, state.pending().size());
  }

  @Test
  void whoseCodeIsApprovedIsPaired() {
    given(new Requested(PENDING)).happens(approve(CODE, NOON), new Approved(PAIRED));
  }

  /** GHSA class: a bootstrap code that is replayed, CVE-2026-53862. */
  @Test
  void aCodeCountsOnce() {
    given(new Requested(PENDING), new Approved(PAIRED));
    happens(approve(CODE, NOON), new Missed("gateway", NOON));
    happens(new Deny(CODE, "gateway", NOON), new Missed("gateway", NOON));
  }

  @Test
  void aCodeCountsForAnHour() {
    given(new Requested(PENDING));
    var last = NOON.plusSeconds(3_600).minusNanos(1_000);
    assertEquals(
        1,
        ((Decision.Happens<PairingEvent>) rules.decide(state, approve(CODE, last)))
            .events()
            .size());
    var over = NOON.plusSeconds(3_600);
    happens(approve(CODE, over), new Expired(DEVICE.id()), new Missed("gateway", over));
  }

  @Test
  void anotherCodeIsNone() {
    given(new Requested(PENDING)).happens(approve(OTHER, NOON), new Missed("gateway", NOON));
  }

  @Test
  void tenWrongCodesAreEnough() {
    given(new Requested(PENDING));
    for (int i = 0; i < PairingRules.MOST_MISSES; i++) {
      happens(approve(OTHER, NOON), new Missed("gateway", NOON));
      given(new Missed("gateway", NOON));
    }
    refused(approve(OTHER, NOON), PairingProblems.TOO_MANY_WRONG);
    refused(approve(CODE, NOON), PairingProblems.TOO_MANY_WRONG);
    refused(new Deny(CODE, "gateway", NOON), PairingProblems.TOO_MANY_WRONG);
    happens(new Deny(CODE, "somebody else", NOON), new Denied(PENDING));
    var later = NOON.plus(Missed.COUNTS_FOR);
    assertEquals(
        Decision.happens(List.of(new Denied(PENDING))), decide(new Deny(CODE, "gateway", later)));
  }

  private Decision<PairingEvent> decide(PairingCommand command) {
    return rules.decide(state, command);
  }

  @Test
  void oldMissesAreForgotten() {
    given(new Missed("a", NOON), new Missed("b", NOON.plus(Missed.COUNTS_FOR)));
    assertEquals(List.of("b"), state.misses().stream().map(Missed::by).toList());
  }

  @Test
  void whoIsDeniedIsGone() {
    given(new Requested(PENDING)).happens(new Deny(CODE, "gateway", NOON), new Denied(PENDING));
    given(new Denied(PENDING));
    assertEquals(PairingState.EMPTY, state);
  }

  /** CVE-2026-35639: whoever may only pair would let in a device of its own that may write. */
  @ParameterizedTest
  @EnumSource
  void nobodyLetsInWhatMayMoreThanOneself(Scope scope) {
    given(new Requested(PENDING));
    var approve = new Approve(CODE, "gateway", EnumSet.of(scope, Scope.PAIRING), NOON);
    switch (scope) {
      case ADMIN, WRITE -> happens(approve, new Approved(PAIRED));
      case READ, APPROVALS, PAIRING -> refused(approve, PairingProblems.BEYOND_SCOPES);
    }
  }

  @Test
  void thereIsAnEndToHowManyAreLetIn() {
    for (int i = 0; i < PairingRules.MOST_PAIRED; i++) {
      var device = Device.browser(SenderId.next(), "here");
      given(
          new Approved(new PairedDevice(device, NOON, "g", NOON.plusSeconds(1), Optional.empty())));
    }
    given(new Requested(PENDING)).refused(approve(CODE, NOON), PairingProblems.TOO_MANY_PAIRED);
  }

  @Test
  void whoIsRevokedIsGone() {
    given(new Approved(PAIRED));
    var revoke = new Revoke("browser", DEVICE.sender(), NOON);
    happens(revoke, new Revoked(PAIRED));
    given(new Revoked(PAIRED)).refused(revoke, PairingProblems.NOT_PAIRED);
  }

  @Test
  void whoIsNotPairedIsNotRevoked() {
    given(new Requested(PENDING));
    refused(new Revoke("browser", DEVICE.sender(), NOON), PairingProblems.NOT_PAIRED);
    given(new Approved(PAIRED));
    refused(new Revoke("telegram", DEVICE.sender(), NOON), PairingProblems.NOT_PAIRED);
    refused(new Revoke("browser", "browser-", NOON), PairingProblems.NOT_PAIRED);
  }

  @Test
  void aPairingLastsThirtyDays() {
    given(new Approved(PAIRED));
    var revoke = new Revoke("browser", DEVICE.sender(), NOON.plus(Duration.ofDays(30)));
    refused(revoke, PairingProblems.NOT_PAIRED);
    waiting("here", 1, NOON.plus(Duration.ofDays(30)));
    assertEquals(List.of(), state.paired());
  }

  @Test
  void thereIsNoWorkToDo() {
    assertEquals(List.of(), rules.owed(given(new Requested(PENDING)).state));
  }
}
