package clawster.runtime.limits;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text, without asking anybody for names. */
public final class IpLiteral {

  private static final Pattern V4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  /** What such an address is made of, and nothing that could be a name. */
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

  private IpLiteral() {}

  /** An IPv4 address written as IPv6 is that address. Zones and shortened IPv4 are none. */
  public static Optional<InetAddress> of(String text) {
    if (text.length() > 45 || !V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
