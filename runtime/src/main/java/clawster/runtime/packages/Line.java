package clawster.runtime.packages;

/** What a program said, as one line of bounded length that can be shown and stored. */
final class Line {

  static final int MAX_LENGTH = 500;

  private Line() {}

  static String of(String said) {
    var line = new StringBuilder();
    for (int c : said.codePoints().limit(MAX_LENGTH).toArray()) {
      if (line.length() + Character.charCount(c) > MAX_LENGTH) {
        break;
      }
      line.appendCodePoint(isShown(c) ? c : ' ');
    }
    return line.toString().strip();
  }

  /** Half of a surrogate pair no database could hold. */
  private static boolean isShown(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.LINE_SEPARATOR
        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
        && Character.getType(c) != Character.SURROGATE;
  }
}
