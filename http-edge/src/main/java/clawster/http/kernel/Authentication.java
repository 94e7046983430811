package clawster.http.kernel;

import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Whose request it is, by its {@code Authorization}: the one place where credentials are read.
 * Fails closed. Who shows a key is who has that key, also where everybody is admin; whatever else
 * is shown there counts for nothing, since clients made for OpenAI always show something.
 */
public final class Authentication {

  private final byte[] token;
  private final KeyRing keys;

  /**
   * @param token the gateway token; empty means that everybody is admin
   */
  public Authentication(String token, KeyRing keys) {
    this.token = bytes(token);
    this.keys = keys;
  }

  private static List<String> shown(HttpRequest request) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is("authorization"))
        .map(HttpHeader::value)
        .toList();
  }

  /** Whether it shows something that counts, and so may be wrong. An empty credential is none. */
  boolean isShown(HttpRequest request) {
    return shown(request).stream()
        .map(value -> bearer(value).orElse(value))
        .anyMatch(value -> token.length > 0 ? !value.isEmpty() : KeySecret.of(value).isPresent());
  }

  /** Empty if no good credential is shown. */
  CompletionStage<Optional<Principal>> principal(HttpRequest request) {
    var shown = shown(request);
    if (shown.size() > 1) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return shown.stream()
        .findFirst()
        .flatMap(Authentication::bearer)
        .map(this::principal)
        .orElseGet(() -> CompletableFuture.completedStage(withoutCredential()));
  }

  private static Optional<String> bearer(String value) {
    return value.regionMatches(true, 0, "Bearer ", 0, 7)
        ? Optional.of(value.substring(7).strip())
        : Optional.empty();
  }

  private CompletionStage<Optional<Principal>> principal(String shown) {
    if (token.length > 0 && MessageDigest.isEqual(bytes(shown), token)) {
      return CompletableFuture.completedStage(Optional.of(Principal.GATEWAY));
    }
    return KeySecret.of(shown)
        .map(keys::principal)
        .orElseGet(() -> CompletableFuture.completedStage(withoutCredential()));
  }

  private Optional<Principal> withoutCredential() {
    return token.length == 0 ? Optional.of(Principal.GATEWAY) : Optional.empty();
  }

  /** Ends what a caller has open when its key ends. */
  Optional<KeyRing.Hold> hold(Principal principal) {
    return principal instanceof Principal.Key key ? Optional.of(keys.hold(key)) : Optional.empty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
