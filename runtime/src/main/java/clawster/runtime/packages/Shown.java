package clawster.runtime.packages;

import clawster.packages.Text;
import java.util.regex.Pattern;

/**
 * What programs say, as people may see it: who can read a package's index may do so by a secret.
 */
final class Shown {

  /** A password may have the sign in it that ends it. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/\\s]{1,2000}@");

  private Shown() {}

  /** One line of bounded length, without control characters and passwords. */
  static String line(String said) {
    return Text.line(CREDENTIALS.matcher(said).replaceAll("$1***@"));
  }
}
