package clawster.runtime.packages;

import clawster.packages.Text;
import java.util.regex.Pattern;

/**
 * What a program said, as one line of bounded length that can be shown and stored: without control
 * characters, and without passwords, since whoever can read an index may do so by one.
 */
final class Line {

  static final int MAX_LENGTH = Text.MAX_LENGTH;

  /** A password may have the sign in it that ends it. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/\\s]{1,2000}@");

  /** No database could hold it. */
  private static final Pattern HALF_A_CHARACTER = Pattern.compile("\\p{Cs}");

  private Line() {}

  static String of(String said) {
    var shown = CREDENTIALS.matcher(said).replaceAll("$1***@");
    return Text.line(HALF_A_CHARACTER.matcher(shown).replaceAll(" "));
  }
}
