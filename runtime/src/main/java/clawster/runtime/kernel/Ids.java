package clawster.runtime.kernel;

import java.security.SecureRandom;
import java.util.UUID;

/** Identifiers that sort by the time they were made: UUID version 7 (RFC 9562, section 5.7). */
public final class Ids {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  public static UUID next() {
    return at(System.currentTimeMillis());
  }

  /** An id of that millisecond since the epoch. */
  public static UUID at(long millis) {
    var bytes = new byte[10];
    RANDOM.nextBytes(bytes);
    long high = (millis << 16) | 0x7000L | ((bytes[0] & 0x0FL) << 8) | (bytes[1] & 0xFFL);
    long low = 0x8000000000000000L | (bytes[2] & 0x3FL) << 56;
    for (int i = 3; i < 10; i++) {
      low |= (bytes[i] & 0xFFL) << (8 * (9 - i));
    }
    return new UUID(high, low);
  }
}
