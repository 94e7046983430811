package clawster.runtime.pairing;

import java.util.List;
import java.util.Optional;

/**
 * Which devices wait and which were let in, of the whole cluster: few enough to be looked at
 * together.
 *
 * @param misses which codes that are none somebody tried of late
 */
public record PairingState(
    List<PendingDevice> pending, List<PairedDevice> paired, List<PairingEvent.Missed> misses) {

  public static final PairingState EMPTY = new PairingState(List.of(), List.of(), List.of());

  public PairingState {
    pending = List.copyOf(pending);
    paired = List.copyOf(paired);
    misses = List.copyOf(misses);
  }

  Optional<PendingDevice> pending(PairingCode code) {
    return pending.stream().filter(device -> device.code().is(code)).findFirst();
  }

  long pendingOf(String account) {
    return pending.stream().filter(device -> device.device().account().equals(account)).count();
  }
}
