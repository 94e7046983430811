package clawster.bench.upstream;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The words of one {@code [[fake tokens=200 delay=5]]} marker. What is no number counts as not
 * said.
 */
record Controls(String marker, Map<String, String> words) {

  static final Controls NONE = new Controls("", Map.of());

  private static final String OPENING = "[[fake";
  private static final Pattern WORD = Pattern.compile("([a-z]+)=([^\\s;&\\]]+)");

  Controls {
    words = Map.copyOf(words);
  }

  /** The last marker in the text wins. */
  static Optional<Controls> in(String text) {
    var start = text.lastIndexOf(OPENING);
    if (start < 0) {
      return Optional.empty();
    }
    var end = text.indexOf("]]", start);
    var marker = text.substring(start, end < 0 ? text.length() : end);
    var words = new HashMap<String, String>();
    WORD.matcher(marker).results().forEach(word -> words.put(word.group(1), word.group(2)));
    return Optional.of(new Controls(marker, words));
  }

  int number(String word, int otherwise) {
    if (!says(word)) {
      return otherwise;
    }
    try {
      return Integer.parseInt(words.get(word));
    } catch (NumberFormatException _) {
      return otherwise;
    }
  }

  boolean says(String word) {
    return words.containsKey(word);
  }

  String text(String word, String otherwise) {
    return says(word) ? URLDecoder.decode(words.get(word), StandardCharsets.UTF_8) : otherwise;
  }
}
