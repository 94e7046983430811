package clawster.runtime.pairing;

import clawster.runtime.identity.Credential;
import clawster.runtime.identity.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A device that was let in.
 *
 * @param by the principal that approved it
 * @param expires when it has to ask again
 */
public record PairedDevice(
    Device device, Instant paired, String by, Instant expires, Optional<Instant> lastUsed)
    implements Credential {

  @Override
  public UUID id() {
    return device.id();
  }

  @Override
  public boolean isGoodAt(Instant time) {
    return expires.isAfter(time);
  }

  @Override
  public Principal principal() {
    return new Principal.Device(device.id(), expires);
  }
}
