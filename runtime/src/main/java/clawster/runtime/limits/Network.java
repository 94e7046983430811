package clawster.runtime.limits;

import java.net.InetAddress;

/**
 * A range of addresses: those whose first {@code bits} are the base's.
 *
 * @param base any address of it
 */
public record Network(InetAddress base, int bits) {

  public Network {
    if (bits < 0 || bits > base.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("bits " + bits);
    }
  }

  /**
   * {@code 10.0.0.0/8}, or one address.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Network parse(String text) {
    var parts = text.split("/", -1);
    var base = IpLiteral.of(parts[0]).orElseThrow(() -> new IllegalArgumentException(text));
    return switch (parts.length) {
      case 1 -> new Network(base, base.getAddress().length * Byte.SIZE);
      case 2 -> new Network(base, Integer.parseInt(parts[1]));
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** As {@link #parse} takes it. */
  public String text() {
    return base.getHostAddress() + "/" + bits;
  }

  public boolean isEverybody() {
    return bits == 0;
  }

  public boolean contains(InetAddress address) {
    var mine = base.getAddress();
    var theirs = address.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int i = 0; i * Byte.SIZE < bits; i++) {
      int ignored = Math.max(0, (i + 1) * Byte.SIZE - bits);
      if ((mine[i] ^ theirs[i]) >> ignored != 0) {
        return false;
      }
    }
    return true;
  }
}
