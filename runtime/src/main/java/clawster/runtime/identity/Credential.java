package clawster.runtime.identity;

import java.time.Instant;
import java.util.UUID;

/** What is kept of a secret that can be taken back: an API key, a paired device. */
public interface Credential {

  UUID id();

  boolean isGoodAt(Instant time);

  /** Who shows the secret. */
  Principal principal();
}
