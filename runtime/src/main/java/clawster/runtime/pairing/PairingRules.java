package clawster.runtime.pairing;

import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Decider;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who is let in. A code counts once and for an hour; a device is let in for thirty days. What has
 * had its time goes with the next thing that happens. A wrong code happens too, so that they can be
 * counted; whoever tells a caller of it says {@link PairingProblems#NO_SUCH_CODE}.
 */
public final class PairingRules
    implements Decider<PairingCommand, PairingEvent, PairingState, Void> {

  static final Duration CODE_LASTS = Duration.ofMinutes(60);
  static final Duration PAIRING_LASTS = Duration.ofDays(30);

  static final int MOST_PENDING_OF_ACCOUNT = 3;
  static final int MOST_PENDING = 100;
  static final int MOST_PAIRED = 1_000;
  static final int MOST_MISSES = 10;

  @Override
  public PairingState initial() {
    return PairingState.EMPTY;
  }

  @Override
  public Decision<PairingEvent> decide(PairingState state, PairingCommand command) {
    var expired = expired(state, command.at());
    var left = expired.stream().reduce(state, this::evolve, (a, _) -> a);
    var decision =
        switch (command) {
          case Request request -> request(left, request);
          case Approve approve -> approve(left, approve);
          case Deny deny ->
              byCode(
                  left, deny.code(), deny.by(), deny.at(), device -> happens(new Denied(device)));
          case Revoke revoke -> revoke(left, revoke);
        };
    return switch (decision) {
      case Decision.Refused<PairingEvent> refused -> refused;
      case Decision.Happens<PairingEvent>(var events) ->
          Decision.happens(Stream.concat(expired.stream(), events.stream()).toList());
    };
  }

  private static List<PairingEvent> expired(PairingState state, Instant now) {
    return Stream.concat(
            state.pending().stream()
                .filter(device -> !device.isGoodAt(now))
                .map(device -> device.device().id()),
            state.paired().stream().filter(device -> !device.isGoodAt(now)).map(PairedDevice::id))
        .<PairingEvent>map(Expired::new)
        .toList();
  }

  private static Decision<PairingEvent> request(PairingState state, Request request) {
    var now = request.at();
    boolean full =
        state.pending().size() >= MOST_PENDING
            || state.pendingOf(request.device().account()) >= MOST_PENDING_OF_ACCOUNT;
    return full
        ? Decision.refused(PairingProblems.TOO_MANY_PENDING)
        : happens(
            new Requested(
                new PendingDevice(request.device(), request.code(), now, now.plus(CODE_LASTS))));
  }

  private static Decision<PairingEvent> approve(PairingState state, Approve approve) {
    if (!Access.WRITE.allows(approve.scopes()) || !Access.READ.allows(approve.scopes())) {
      return Decision.refused(PairingProblems.BEYOND_SCOPES);
    }
    if (state.paired().size() >= MOST_PAIRED) {
      return Decision.refused(PairingProblems.TOO_MANY_PAIRED);
    }
    var now = approve.at();
    return byCode(
        state,
        approve.code(),
        approve.by(),
        now,
        device ->
            happens(
                new Approved(
                    new PairedDevice(
                        device.device(),
                        now,
                        approve.by(),
                        now.plus(PAIRING_LASTS),
                        Optional.empty()))));
  }

  /** Who has tried too many is not told any more whether one is right. */
  private static Decision<PairingEvent> byCode(
      PairingState state,
      PairingCode code,
      String by,
      Instant now,
      Function<PendingDevice, Decision<PairingEvent>> found) {
    var since = now.minus(Missed.COUNTS_FOR);
    var misses = state.misses().stream().filter(m -> m.by().equals(by) && m.at().isAfter(since));
    return misses.count() >= MOST_MISSES
        ? Decision.refused(PairingProblems.TOO_MANY_WRONG)
        : state.pending(code).map(found).orElseGet(() -> happens(new Missed(by, now)));
  }

  private static Decision<PairingEvent> revoke(PairingState state, Revoke revoke) {
    return state.paired().stream()
        .filter(device -> device.device().is(revoke.channel(), revoke.sender()))
        .findFirst()
        .map(device -> happens(new Revoked(device)))
        .orElseGet(() -> Decision.refused(notPaired(revoke)));
  }

  private static Problem notPaired(Revoke revoke) {
    return PairingProblems.NOT_PAIRED.with("sender", revoke.sender());
  }

  private static Decision<PairingEvent> happens(PairingEvent event) {
    return Decision.happens(event);
  }

  @Override
  public PairingState evolve(PairingState state, PairingEvent event) {
    var pending = state.pending();
    var paired = state.paired();
    var misses = state.misses();
    return switch (event) {
      case Requested(var device) -> new PairingState(with(pending, device), paired, misses);
      case Approved(var device) ->
          new PairingState(without(pending, waits(device.id())), with(paired, device), misses);
      case Denied(var device) ->
          new PairingState(without(pending, waits(device.device().id())), paired, misses);
      case Revoked(var device) ->
          new PairingState(pending, without(paired, p -> p.id().equals(device.id())), misses);
      case Expired(var id) ->
          new PairingState(
              without(pending, waits(id)), without(paired, p -> p.id().equals(id)), misses);
      case Missed miss ->
          new PairingState(
              pending,
              paired,
              with(
                  without(misses, m -> !m.at().isAfter(miss.at().minus(Missed.COUNTS_FOR))), miss));
    };
  }

  private static Predicate<PendingDevice> waits(UUID id) {
    return pending -> pending.device().id().equals(id);
  }

  private static <T> List<T> without(List<T> all, Predicate<T> gone) {
    return all.stream().filter(gone.negate()).toList();
  }

  private static <T> List<T> with(List<T> all, T one) {
    var more = new ArrayList<>(all);
    more.add(one);
    return more;
  }

  @Override
  public List<Void> owed(PairingState state) {
    return List.of();
  }
}
