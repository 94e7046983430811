package clawster.runtime.sessions;

/**
 * Makes whole characters of pieces that may be cut in the middle of one: half a surrogate pair
 * waits for the other half, and one that has none is replaced. Logs and journals are UTF-8, which
 * knows no halves.
 */
final class WholeCharacters {

  private static final int REPLACEMENT = 0xFFFD;

  private String half = "";

  String take(String piece) {
    var all = half + piece;
    int end = all.length();
    half = end > 0 && Character.isHighSurrogate(all.charAt(end - 1)) ? all.substring(end - 1) : "";
    return whole(all.substring(0, end - half.length()));
  }

  /** What no other half will come for. */
  String rest() {
    var rest = whole(half);
    half = "";
    return rest;
  }

  void drop() {
    half = "";
  }

  static String whole(String text) {
    return text.chars().noneMatch(WholeCharacters::isHalf)
        ? text
        : text.codePoints()
            .map(c -> isHalf(c) ? REPLACEMENT : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
