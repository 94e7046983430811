package clawster.runtime.sessions;

import java.util.Map;

/**
 * What is known of a session besides its messages.
 *
 * @param kept false for a stateless call: hidden from lists, stopped on completion, deleted after a
 *     day
 * @param channel where it came from, {@code http} for instance
 * @param model {@code provider/model} set for this session, or empty for the agent's
 * @param inputMode what input does to the session when it is busy and does not say so itself
 */
public record SessionProfile(
    SessionKey key,
    String agent,
    boolean kept,
    String channel,
    String user,
    String label,
    String model,
    Map<String, String> metadata,
    InputMode inputMode) {

  public SessionProfile {
    inputMode = orQueue(inputMode);
    metadata = Map.copyOf(metadata);
  }

  public static SessionProfile opened(
      SessionKey key, String agent, boolean kept, String channel, String user) {
    return new SessionProfile(key, agent, kept, channel, user, "", "", Map.of(), InputMode.QUEUE);
  }

  /** What was written before there was a choice does not say. */
  static InputMode orQueue(InputMode written) {
    return written == null ? InputMode.QUEUE : written;
  }
}
