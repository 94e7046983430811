package clawster.runtime.audit;

/**
 * What can be done that leaves an entry: on what kind of thing, and what. Messages to sessions are
 * not here: the session itself remembers them.
 */
public enum Action {
  API_KEY_CREATED("api_key", "created"),
  API_KEY_REVOKED("api_key", "revoked"),
  SESSION_PATCHED("session", "patched"),
  SESSION_DELETED("session", "deleted"),
  SESSION_RESET("session", "reset"),
  SESSION_ABORTED("session", "aborted"),
  CONFIG_PATCHED("config", "patched"),
  NODE_DRAINED("node", "drained"),
  PACKAGE_INSTALLED("package", "installed"),
  PACKAGE_UNINSTALLED("package", "uninstalled"),
  /** By a node: what was declared came to nothing anywhere. */
  PACKAGE_WITHDRAWN("package", "withdrawn"),
  PAIRING_REQUESTED("pairing", "requested"),
  PAIRING_APPROVED("pairing", "approved"),
  PAIRING_DENIED("pairing", "denied"),
  PAIRING_REVOKED("pairing", "revoked"),
  /** Somebody tried a code that is none. */
  PAIRING_MISSED("pairing", "missed"),
  /** Whoever asked was not let in, or may not do that. */
  REQUEST_REFUSED("request", "refused");

  private final String entityType;
  private final String verb;

  Action(String entityType, String verb) {
    this.entityType = entityType;
    this.verb = verb;
  }

  /** {@code session.deleted}. */
  public String wireName() {
    return entityType + "." + verb;
  }

  public String entityType() {
    return entityType;
  }
}
