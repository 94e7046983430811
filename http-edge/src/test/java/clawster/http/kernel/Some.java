package clawster.http.kernel;

import clawster.http.contract.Schema;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.limits.InMemoryGuessCounts;
import clawster.runtime.limits.Lockout;
import clawster.runtime.pairing.InMemoryPairings;
import java.time.Clock;
import org.apache.pekko.http.javadsl.model.HttpMethod;

/** What tests of this package have in common. */
final class Some {

  private Some() {}

  /**
   * Of OpenAI's dialect.
   *
   * @param bodyLimit 0 for no body
   */
  static Endpoint endpoint(
      HttpMethod method, String path, Access access, long bodyLimit, Endpoint.Handler handler) {
    var draft = new Chapter("Some", "", Dialect.OPENAI).on(method, path, access, "");
    return (bodyLimit == 0 ? draft : draft.reads(Schema.anything(), bodyLimit, "{}"))
        .servedBy(handler);
  }

  /** That nobody reads. */
  static RefusedAttempts refused() {
    return new RefusedAttempts(new InMemoryAuditLog(), Clock.systemUTC());
  }

  /** Of no device. */
  static KeyRing<SenderId> devices() {
    return new KeyRing<>(new InMemoryPairings(), Clock.systemUTC());
  }

  /** That knows no keys. */
  static Admission admission(String token) {
    return admission(
        new Authentication(
            token, new KeyRing<>(new InMemoryApiKeys(), Clock.systemUTC()), devices()));
  }

  static OpenConnections manyConnections() {
    return new OpenConnections(() -> 0, _ -> true);
  }

  /** That has heard of no guesses. */
  static Admission admission(Authentication authentication) {
    var clock = new SteadyClock();
    return new Admission(
        authentication, new Lockout(new InMemoryGuessCounts(clock), "here", () -> false, clock));
  }
}
