package clawster.runtime.pairing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a person reads on one screen and says to whoever approves it (GoClaw's document on pairing):
 * eight characters that are not mistaken for each other.
 */
public record PairingCode(String text) {

  static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  static final int LENGTH = 8;

  private static final Pattern FORM = Pattern.compile("[%s]{%d}".formatted(ALPHABET, LENGTH));
  private static final SecureRandom RANDOM = new SecureRandom();

  public PairingCode {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("no pairing code");
    }
  }

  public static PairingCode next() {
    return new PairingCode(
        RANDOM
            .ints(LENGTH, 0, ALPHABET.length())
            .mapToObj(i -> ALPHABET.substring(i, i + 1))
            .collect(Collectors.joining()));
  }

  /** As somebody types it; empty for what cannot be one. */
  public static Optional<PairingCode> of(String typed) {
    var text = typed.strip().toUpperCase(Locale.ROOT);
    return FORM.matcher(text).matches() ? Optional.of(new PairingCode(text)) : Optional.empty();
  }

  /** In a time that does not tell how much of it is right. */
  boolean is(PairingCode other) {
    return MessageDigest.isEqual(bytes(text), bytes(other.text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "***";
  }
}
