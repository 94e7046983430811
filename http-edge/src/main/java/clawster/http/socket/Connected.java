package clawster.http.socket;

import clawster.http.kernel.Language;
import clawster.runtime.identity.Principal;
import java.util.Optional;

/**
 * Who is at the other end.
 *
 * @param principal empty as long as it waits to be let in, or has not said anything of itself
 * @param waiting whether it waits, with a code to show
 * @param user on whose behalf it says to be there
 */
record Connected(
    Optional<Principal> principal, boolean waiting, Language language, Optional<String> user) {

  static Connected unknown(Language language) {
    return new Connected(Optional.empty(), false, language, Optional.empty());
  }

  Connected letIn(Principal principal) {
    return new Connected(Optional.of(principal), false, language, user);
  }

  Connected waits() {
    return new Connected(Optional.empty(), true, language, user);
  }
}
