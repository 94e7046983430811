package clawster.http.kernel;

import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import java.time.Clock;

/** What tests of this package have in common. */
final class Some {

  private Some() {}

  /** That knows no keys. */
  static Authentication authentication(String token) {
    return new Authentication(token, new KeyRing(new InMemoryApiKeys(), Clock.systemUTC()));
  }
}
