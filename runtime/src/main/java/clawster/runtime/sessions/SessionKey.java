package clawster.runtime.sessions;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * What callers call a session: {@code agent:KEY:anything} in GoClaw's scheme, or any other text
 * without control characters.
 */
public record SessionKey(String value) {

  public static final int MAX_LENGTH = 512;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SessionKey {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a session key");
    }
  }

  /**
   * Empty if {@code text} is blank, over {@value #MAX_LENGTH} characters or has control characters.
   */
  public static Optional<SessionKey> parse(String text) {
    return isValid(text) ? Optional.of(new SessionKey(text)) : Optional.empty();
  }

  private static boolean isValid(String text) {
    return !text.isBlank()
        && text.length() <= MAX_LENGTH
        && text.chars().noneMatch(Character::isISOControl);
  }

  @Override
  @JsonValue
  public String value() {
    return value;
  }

  /** The agent this key names, where it does. */
  public Optional<String> agent() {
    var parts = value.split(":", 3);
    return parts.length == 3 && parts[0].equals("agent") && !parts[1].isEmpty()
        ? Optional.of(parts[1])
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
