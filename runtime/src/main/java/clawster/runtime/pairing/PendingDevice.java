package clawster.runtime.pairing;

import java.time.Instant;

/**
 * A device that waits for its code to be approved.
 *
 * @param expires when the code is good no more
 */
public record PendingDevice(Device device, PairingCode code, Instant asked, Instant expires) {

  public boolean isGoodAt(Instant time) {
    return expires.isAfter(time);
  }
}
