package clawster.http.kernel;

import clawster.runtime.identity.Hold;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.SenderId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whose request it is, by its {@code Authorization} or, without one, by the {@code
 * X-GoClaw-Sender-Id} of a paired browser: the one place where credentials are read. Fails closed.
 * Who shows a key is who has that key, also where everybody is admin, and so with sender ids;
 * whatever else is shown there counts for nothing, since clients made for OpenAI always show
 * something.
 */
public final class Authentication {

  /** In which paired browsers say who they are. */
  public static final String SENDER_HEADER = "X-GoClaw-Sender-Id";

  private static final CompletionStage<Optional<Principal>> NOBODY =
      CompletableFuture.completedStage(Optional.empty());

  private final byte[] token;
  private final KeyRing<KeySecret> keys;
  private final KeyRing<SenderId> devices;

  /**
   * @param token the gateway token; empty means that everybody is admin
   */
  public Authentication(String token, KeyRing<KeySecret> keys, KeyRing<SenderId> devices) {
    this.token = bytes(token);
    this.keys = keys;
    this.devices = devices;
  }

  /** Whether it shows something that counts, and so may be wrong. An empty credential is none. */
  boolean isShown(Shown shown) {
    return shown.authorizations().stream().anyMatch(this::counts)
        || shown.senders().stream().anyMatch(value -> SenderId.of(value).isPresent());
  }

  private boolean counts(String value) {
    return token.length == 0
        ? bearer(value).flatMap(KeySecret::of).isPresent()
        : isBearer(value) ? bearer(value).isPresent() : !value.isBlank();
  }

  /** Empty if no good credential is shown. */
  CompletionStage<Optional<Principal>> principal(Shown shown) {
    if (shown.authorizations().size() > 1 || shown.senders().size() > 1) {
      return NOBODY;
    }
    var bearer = shown.authorizations().stream().findFirst().flatMap(Authentication::bearer);
    var known = bearer.flatMap(this::bearing);
    return known.isPresent()
        ? known.get()
        : shown.senders().stream()
            .findFirst()
            .flatMap(SenderId::of)
            .map(devices::principal)
            .orElseGet(() -> CompletableFuture.completedStage(withoutCredential()));
  }

  /** Empty also for what forms send that nobody has filled in. */
  private static Optional<String> bearer(String value) {
    return isBearer(value)
        ? Optional.of(value.substring(7).strip()).filter(shown -> !shown.isEmpty())
        : Optional.empty();
  }

  private static boolean isBearer(String value) {
    return value.regionMatches(true, 0, "Bearer ", 0, 7);
  }

  /** Who shows this; empty where it counts for nothing. A wrong one is not made good by another. */
  private Optional<CompletionStage<Optional<Principal>>> bearing(String shown) {
    if (token.length > 0 && MessageDigest.isEqual(bytes(shown), token)) {
      return Optional.of(CompletableFuture.completedStage(Optional.of(Principal.GATEWAY)));
    }
    var key = KeySecret.of(shown).map(keys::principal);
    return key.isEmpty() && token.length > 0 ? Optional.of(NOBODY) : key;
  }

  private Optional<Principal> withoutCredential() {
    return token.length == 0 ? Optional.of(Principal.GATEWAY) : Optional.empty();
  }

  /** Ends what a caller has open when its credential ends. */
  Optional<Hold> hold(Principal principal) {
    return switch (principal) {
      case Principal.Key key -> Optional.of(keys.hold(key));
      case Principal.Device device -> Optional.of(devices.hold(device));
      case Principal.Gateway _, Principal.Anybody _ -> Optional.empty();
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
