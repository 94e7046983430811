package clawster.node;

import java.nio.charset.StandardCharsets;

/**
 * Text as a line of the log file has it: printable ASCII stands for itself, and everything else,
 * which could end the line, steer a terminal or turn the order of what is read, is an escape.
 */
final class LogText {

  /** Everything behind it is written as an escape, DEL too. */
  static final int LAST_PRINTABLE = '~';

  private static final String CUT = " [cut: %d characters more]";

  /** What the mark of a cut needs at most. */
  private static final int CUT_SIZE = CUT.length() + 10;

  private LogText() {}

  /**
   * The text, or as much of its beginning as fits together with a mark that says it was cut.
   *
   * @param limit in bytes of the file, so that escapes cannot make a line much longer than its text
   */
  static String cut(String text, int limit) {
    int size = 0;
    int fits = 0;
    for (int at = 0; at < text.length(); at++) {
      size += size(text.charAt(at));
      if (size > limit) {
        return whole(text.substring(0, fits)) + CUT.formatted(text.length() - fits);
      }
      if (size <= limit - CUT_SIZE && !Character.isHighSurrogate(text.charAt(at))) {
        fits = at + 1;
      }
    }
    return whole(text);
  }

  /** Half a character, as JSON lets callers send it, becomes a question mark: readers refuse it. */
  private static String whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Never too small; some controls have shorter escapes. */
  private static int size(char character) {
    if (character < ' ' || character > LAST_PRINTABLE) {
      return "\\u0000".length();
    }
    return character == '"' || character == '\\' ? 2 : 1;
  }
}
