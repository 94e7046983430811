package clawster.runtime.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is kept of an API key; its secret is not.
 *
 * @param prefix what people know it by: the beginning of the secret, too short to guess the rest
 * @param creator the principal that made it
 */
public record ApiKey(
    UUID id,
    String name,
    String prefix,
    Set<Scope> scopes,
    Optional<Instant> expires,
    Optional<Instant> revoked,
    Optional<Instant> lastUsed,
    String creator,
    Instant created)
    implements Credential {

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  @Override
  public boolean isGoodAt(Instant time) {
    return revoked.isEmpty() && expires.filter(end -> !end.isAfter(time)).isEmpty();
  }

  @Override
  public Principal principal() {
    return new Principal.Key(id, scopes, expires);
  }
}
