package clawster.runtime.identity;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret of an API key: {@code goclaw_} and 32 hex digits (GoClaw's document on its HTTP API),
 * said once, to whoever made the key. Sixteen random bytes cannot be guessed.
 */
public final class KeySecret implements Secret {

  private static final String BEGINNING = "goclaw_";
  private static final int BYTES = 16;
  private static final int SHOWN = 8;
  private static final Pattern FORM = Pattern.compile(BEGINNING + "[0-9a-f]{32}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private KeySecret(String text) {
    this.text = text;
  }

  public static KeySecret next() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new KeySecret(BEGINNING + HexFormat.of().formatHex(bytes));
  }

  /** Empty for what cannot be one, so that nobody needs to look for it. */
  public static Optional<KeySecret> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new KeySecret(text)) : Optional.empty();
  }

  @Override
  public String reveal() {
    return text;
  }

  /** {@code goclaw_a1b2c3d4}. */
  public String prefix() {
    return text.substring(0, BEGINNING.length() + SHOWN);
  }

  @Override
  public String toString() {
    return "***";
  }
}
