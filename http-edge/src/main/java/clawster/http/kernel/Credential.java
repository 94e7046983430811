package clawster.http.kernel;

/** By which way a request says whose it is. */
public enum Credential {
  /** The gateway token or an API key, in the {@code Authorization} header. */
  BEARER
}
