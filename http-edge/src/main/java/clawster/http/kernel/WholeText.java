package clawster.http.kernel;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/**
 * Reads JSON whose texts are whole: half of a surrogate pair, which an escape can smuggle in and
 * UTF-8 cannot say, becomes U+FFFD. In names the parser refuses it by itself.
 */
final class WholeText extends JsonParserDelegate {

  private static final char REPLACEMENT = '\uFFFD';

  WholeText(JsonParser parser) {
    super(parser);
  }

  @Override
  public String getText() throws IOException {
    return whole(super.getText());
  }

  static String whole(String text) {
    int at = half(text, 0);
    if (at < 0) {
      return text;
    }
    var whole = new StringBuilder(text);
    for (; at >= 0; at = half(whole, at + 1)) {
      whole.setCharAt(at, REPLACEMENT);
    }
    return whole.toString();
  }

  /** Where the next half of a pair is without its other half; -1 where none is. */
  private static int half(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
