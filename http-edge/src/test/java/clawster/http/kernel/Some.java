package clawster.http.kernel;

import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.SenderId;
import clawster.runtime.pairing.InMemoryPairings;
import java.time.Clock;

/** What tests of this package have in common. */
final class Some {

  private Some() {}

  /** That nobody reads. */
  static RefusedAttempts refused() {
    return new RefusedAttempts(new InMemoryAuditLog(), Clock.systemUTC());
  }

  /** Of no device. */
  static KeyRing<SenderId> devices() {
    return new KeyRing<>(new InMemoryPairings(), Clock.systemUTC());
  }

  /** That knows no keys. */
  static Authentication authentication(String token) {
    return new Authentication(
        token, new KeyRing<>(new InMemoryApiKeys(), Clock.systemUTC()), devices());
  }
}
