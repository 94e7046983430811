package clawster.runtime.pairing;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What happened. */
public sealed interface PairingEvent {

  record Requested(PendingDevice device) implements PairingEvent {}

  record Approved(PairedDevice device) implements PairingEvent {}

  record Denied(PendingDevice device) implements PairingEvent {}

  record Revoked(PairedDevice device) implements PairingEvent {}

  /** Its time was over, as a pending or as a paired one. */
  record Expired(UUID device) implements PairingEvent {}

  /** There was no such code. It counts for a while. */
  record Missed(String by, Instant at) implements PairingEvent {

    public static final Duration COUNTS_FOR = Duration.ofMinutes(10);
  }
}
