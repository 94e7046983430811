package clawster.runtime.identity;

import clawster.runtime.kernel.Ids;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * By what a browser is known that has no token, once it is paired. We make it, and say it once:
 * whoever has it is that browser, so it ends in sixteen random bytes. The half before them is what
 * others see.
 */
public final class SenderId implements Secret {

  /** The channel whose sender ids are secrets. */
  public static final String CHANNEL = "browser";

  private static final String BEGINNING = CHANNEL + "-";
  private static final int BYTES = 16;
  private static final int UUID_LENGTH = 36;
  private static final Pattern FORM =
      Pattern.compile(
          BEGINNING + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[0-9a-f]{32}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private SenderId(String text) {
    this.text = text;
  }

  public static SenderId next() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SenderId(BEGINNING + Ids.next() + "-" + HexFormat.of().formatHex(bytes));
  }

  /** Empty for what cannot be one, so that nobody needs to look for it. */
  public static Optional<SenderId> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new SenderId(text)) : Optional.empty();
  }

  public UUID device() {
    return UUID.fromString(text.substring(BEGINNING.length(), BEGINNING.length() + UUID_LENGTH));
  }

  /** What it is called by whoever does not have it. */
  public String shown() {
    return shown(device());
  }

  static String shown(UUID device) {
    return BEGINNING + device;
  }

  @Override
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return shown();
  }
}
