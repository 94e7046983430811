package clawster.http.kernel;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What sentences are written in. */
public enum Language {
  EN,
  VI,
  ZH;

  /** Of a header with more, the rest counts for nothing. */
  private static final int MOST = 20;

  /**
   * @param weight from 0, not wanted, to 1
   */
  private record Wish(Language language, double weight) {}

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of ours that the caller likes best, whatever its region; English if it likes none. */
  static Language of(HttpRequest request) {
    return of(request.getHeader("Accept-Language").map(HttpHeader::value).orElse(""));
  }

  /** As in {@code Accept-Language}; one tag is such a list, too. */
  public static Language of(String accepted) {
    return Stream.of(accepted.split(",", MOST))
        .flatMap(wish -> wish(wish).stream())
        .filter(wish -> wish.weight() > 0)
        .max(Comparator.comparingDouble(Wish::weight))
        .map(Wish::language)
        .orElse(EN);
  }

  private static Optional<Wish> wish(String text) {
    var parts = text.strip().split(";", 2);
    var tag = parts[0].strip().toLowerCase(Locale.ROOT);
    return Stream.of(values())
        .filter(language -> tag.equals(language.tag()) || tag.startsWith(language.tag() + "-"))
        .findFirst()
        .map(language -> new Wish(language, parts.length == 1 ? 1 : weight(parts[1].strip())));
  }

  /** Zero for what is none. */
  private static double weight(String parameter) {
    try {
      return parameter.startsWith("q=") ? Double.parseDouble(parameter.substring(2).strip()) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
