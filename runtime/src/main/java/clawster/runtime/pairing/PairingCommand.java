package clawster.runtime.pairing;

import clawster.runtime.identity.Scope;
import java.time.Instant;
import java.util.Set;

/** What somebody wants. */
public sealed interface PairingCommand {

  Instant at();

  /** Let me in. */
  record Request(Device device, PairingCode code, Instant at) implements PairingCommand {}

  /**
   * Let in whoever has this code.
   *
   * @param by who says so
   * @param scopes what that principal may do itself
   */
  record Approve(PairingCode code, String by, Set<Scope> scopes, Instant at)
      implements PairingCommand {

    public Approve {
      scopes = Set.copyOf(scopes);
    }
  }

  /** Do not. */
  record Deny(PairingCode code, String by, Instant at) implements PairingCommand {}

  /** Do not let it in any more. */
  record Revoke(String channel, String sender, Instant at) implements PairingCommand {}
}
