package clawster.runtime.pairing;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What of pairing is recorded: what somebody did, not what time did. */
public final class PairingEntries {

  private PairingEntries() {}

  public static List<AuditEntry> of(List<PairingEvent> events, Function<Action, AuditEntry> entry) {
    return events.stream().flatMap(event -> of(event, entry).stream()).toList();
  }

  private static Optional<AuditEntry> of(PairingEvent event, Function<Action, AuditEntry> entry) {
    return switch (event) {
      case PairingEvent.Requested(var device) ->
          about(device.device(), entry.apply(Action.PAIRING_REQUESTED));
      case PairingEvent.Approved(var device) ->
          about(device.device(), entry.apply(Action.PAIRING_APPROVED))
              .map(approved -> approved.with("account", device.device().account()));
      case PairingEvent.Denied(var device) ->
          about(device.device(), entry.apply(Action.PAIRING_DENIED));
      case PairingEvent.Revoked(var device) ->
          about(device.device(), entry.apply(Action.PAIRING_REVOKED));
      case PairingEvent.Missed _ -> Optional.of(entry.apply(Action.PAIRING_MISSED));
      case PairingEvent.Expired _ -> Optional.empty();
    };
  }

  private static Optional<AuditEntry> about(Device device, AuditEntry entry) {
    return Optional.of(entry.about(device.sender()).with("channel", device.channel()));
  }
}
