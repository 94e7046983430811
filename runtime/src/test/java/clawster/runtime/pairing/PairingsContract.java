package clawster.runtime.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.identity.Scope;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every keeper of devices does. */
public interface PairingsContract {

  Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

  /** Without any device; always the same ones. */
  Pairings pairings();

  /** Where entries of their changes are. */
  AuditLog audit();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static CompletionStage<Decision<PairingEvent>> tell(Pairings pairings, PairingCommand command) {
    return pairings.tell(
        command,
        action ->
            AuditEntry.of(
                action, new Actor("gateway", "gateway"), Optional.of("::1"), command.at()));
  }

  private List<PairingEvent> happens(PairingCommand command) {
    return switch (done(tell(pairings(), command))) {
      case Decision.Happens<PairingEvent>(var events) -> events;
      case Decision.Refused<PairingEvent>(var problem) ->
          throw new AssertionError(problem.toString());
    };
  }

  private PendingDevice request(SenderId sender) {
    var device = Device.browser(sender, "192.0.2.1");
    var events = happens(new PairingCommand.Request(device, PairingCode.next(), NOON));
    return ((PairingEvent.Requested) events.getLast()).device();
  }

  private PairedDevice approve(PairingCode code, Instant at) {
    var events = happens(new PairingCommand.Approve(code, "gateway", Set.of(Scope.ADMIN), at));
    return ((PairingEvent.Approved) events.getLast()).device();
  }

  @Test
  default void whoAsksWaitsAndIsNotLetIn() {
    var sender = SenderId.next();
    var pending = request(sender);
    assertEquals(
        new PairingState(List.of(pending), List.of(), List.of()), done(pairings().state()));
    assertEquals(Optional.empty(), done(pairings().find(sender)));
    assertEquals(Optional.empty(), done(pairings().find(sender.device())));
  }

  @Test
  default void whoIsApprovedIsFoundByItsSecretAndById() {
    var sender = SenderId.next();
    var paired = approve(request(sender).code(), NOON.plusSeconds(5));
    assertEquals(Optional.of(paired), done(pairings().find(sender)));
    assertEquals(Optional.of(paired), done(pairings().find(sender.device())));
    assertEquals(Optional.empty(), done(pairings().find(SenderId.next())));
    assertEquals(new PairingState(List.of(), List.of(paired), List.of()), done(pairings().state()));
  }

  @Test
  default void whoIsDeniedOrRevokedIsForgotten() {
    var denied = request(SenderId.next());
    var sender = SenderId.next();
    var paired = approve(request(sender).code(), NOON);
    happens(new PairingCommand.Deny(denied.code(), "gateway", NOON));
    happens(new PairingCommand.Revoke("browser", paired.device().sender(), NOON));
    assertEquals(PairingState.EMPTY, done(pairings().state()));
    assertEquals(Optional.empty(), done(pairings().find(sender)));
  }

  @Test
  default void whatHadItsTimeGoesWithWhatHappensNext() {
    var paired = approve(request(SenderId.next()).code(), NOON);
    request(SenderId.next());
    var later = NOON.plus(Duration.ofDays(30));
    var device = Device.browser(SenderId.next(), "192.0.2.1");
    happens(new PairingCommand.Request(device, PairingCode.next(), later));
    var state = done(pairings().state());
    assertEquals(List.of(device), state.pending().stream().map(PendingDevice::device).toList());
    assertEquals(List.of(), state.paired());
    assertEquals(Optional.empty(), done(pairings().find(paired.id())));
  }

  @Test
  default void wrongCodesAreRemembered() {
    var command =
        new PairingCommand.Deny(new PairingCode("ABCDEFGH"), "a key", NOON.plusSeconds(1));
    happens(command);
    assertEquals(
        List.of(new PairingEvent.Missed("a key", NOON.plusSeconds(1))),
        done(pairings().state()).misses());
  }

  @Test
  default void whoIsLetInIsCounted() {
    var pending = request(SenderId.next());
    long before = done(pairings().revision());
    var paired = approve(pending.code(), NOON);
    long approved = done(pairings().revision());
    assertNotEquals(before, approved);
    done(pairings().used(Map.of(paired.id(), NOON)));
    assertEquals(approved, done(pairings().revision()));
    happens(new PairingCommand.Revoke("browser", paired.device().sender(), NOON));
    assertNotEquals(approved, done(pairings().revision()));
  }

  @Test
  default void theLastUseIsTheLatestThatWasTold() {
    var paired = approve(request(SenderId.next()).code(), NOON);
    done(pairings().used(Map.of(paired.id(), NOON.plusSeconds(5))));
    done(pairings().used(Map.of(paired.id(), NOON)));
    assertEquals(
        Optional.of(NOON.plusSeconds(5)),
        done(pairings().find(paired.id())).orElseThrow().lastUsed());
  }

  @Test
  default void whatSomebodyDoesLeavesOneEntryEach() {
    var denied = request(SenderId.next());
    happens(new PairingCommand.Deny(denied.code(), "gateway", NOON.plusSeconds(1)));
    happens(new PairingCommand.Deny(denied.code(), "gateway", NOON.plusSeconds(2)));
    var sender = SenderId.next();
    var code = request(sender).code();
    approve(code, NOON.plusSeconds(3));
    happens(new PairingCommand.Revoke("browser", sender.shown(), NOON.plusSeconds(4)));
    done(
        tell(
            pairings(), new PairingCommand.Revoke("browser", sender.shown(), NOON.plusSeconds(5))));
    var entries = done(audit().list(AuditLog.Query.all(10, 0))).entries();
    assertEquals(
        List.of(
            "pairing.revoked",
            "pairing.approved",
            "pairing.missed",
            "pairing.denied",
            "pairing.requested",
            "pairing.requested"),
        entries.stream().map(AuditEntry::action).toList());
    assertEquals(Optional.of(sender.shown()), entries.getFirst().entityId());
    var said = entries.toString();
    assertEquals(-1, said.indexOf(sender.reveal()), "the secret is said once");
    assertEquals(-1, said.indexOf(code.text()), "so is the code");
  }

  /** Many nodes may be asked at once; a code counts once, and so does a place. */
  @Test
  default void ofManyAtOnceNoneGetsMoreThanItMay() {
    var code = request(SenderId.next()).code();
    var approvals =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    tell(
                            pairings(),
                            new PairingCommand.Approve(code, "key " + i, Set.of(Scope.ADMIN), NOON))
                        .toCompletableFuture())
            .toList();
    var requests =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    tell(
                            pairings(),
                            new PairingCommand.Request(
                                Device.browser(SenderId.next(), "192.0.2.9"),
                                PairingCode.next(),
                                NOON))
                        .toCompletableFuture())
            .toList();
    CompletableFuture.allOf(
            Stream.concat(approvals.stream(), requests.stream())
                .toArray(CompletableFuture<?>[]::new))
        .join();
    var state = done(pairings().state());
    assertEquals(1, state.paired().size());
    assertEquals(7, state.misses().size());
    assertEquals(3, state.pending().size());
  }
}
