package clawster.packages;

/** What programs say, made fit to be shown. */
public final class Text {

  /** Characters. */
  public static final int MAX_LENGTH = 500;

  private Text() {}

  /**
   * One line of bounded length without control characters. Of a longer text the end stays: that is
   * where programs say why they failed.
   */
  public static String line(String said) {
    var line = said.replaceAll("[\\p{Cc}\\p{Cf}\\p{Z}]++", " ").strip();
    if (line.length() <= MAX_LENGTH) {
      return line;
    }
    int from = line.length() - MAX_LENGTH + 1;
    return "…" + line.substring(Character.isLowSurrogate(line.charAt(from)) ? from + 1 : from);
  }
}
