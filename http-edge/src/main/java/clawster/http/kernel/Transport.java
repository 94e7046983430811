package clawster.http.kernel;

/** By which way a request says whose it is. */
public enum Transport {
  /** The gateway token or an API key, in the {@code Authorization} header. */
  BEARER,
  /** What a paired browser is known by, in the {@code X-GoClaw-Sender-Id} header. */
  SENDER_ID
}
