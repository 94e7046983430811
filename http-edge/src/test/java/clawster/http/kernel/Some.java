package clawster.http.kernel;

import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.InMemoryGuessCounts;
import clawster.runtime.limits.Lockout;
import java.time.Clock;

/** What tests of this package have in common. */
final class Some {

  private Some() {}

  /** That knows no keys. */
  static Admission admission(String token) {
    return admission(
        new Authentication(token, new KeyRing(new InMemoryApiKeys(), Clock.systemUTC())));
  }

  static OpenConnections manyConnections() {
    return new OpenConnections(0, _ -> true);
  }

  /** That has heard of no guesses. */
  static Admission admission(Authentication authentication) {
    var clock = new SteadyClock();
    return new Admission(authentication, new Lockout(new InMemoryGuessCounts(clock), false, clock));
  }
}
