package clawster.http.limits;

import clawster.http.kernel.Call;
import clawster.runtime.identity.Principal;

/**
 * Who asks, as limits count it: a key or a device; of those with the gateway's token the user they
 * speak for, since they are one program for many; where no token is set, so that everybody is the
 * gateway, an address.
 *
 * @param kind what it is: {@code api_key}, {@code device}, {@code user}, {@code address}, {@code
 *     gateway}
 */
record Asker(String kind, String id) {

  /**
   * @param open whether no token is set
   */
  static Asker of(Call call, boolean open) {
    var principal = call.principal();
    if (!(principal instanceof Principal.Gateway)) {
      return new Asker(principal.type(), principal.id());
    }
    return open
        ? new Asker("address", call.client().key())
        : call.user()
            .map(user -> new Asker("user", user))
            .orElseGet(() -> new Asker(principal.type(), principal.id()));
  }

  /** Under what it is counted. */
  String name() {
    return kind + " " + id;
  }

  /** Who is counted under that. */
  static Asker named(String name) {
    var parts = name.split(" ", 2);
    return new Asker(parts[0], parts[1]);
  }
}
