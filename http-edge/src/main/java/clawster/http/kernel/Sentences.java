package clawster.http.kernel;

import clawster.runtime.kernel.Problem;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person reads, by problem code. */
final class Sentences {

  private static final ResourceBundle ENGLISH =
      ResourceBundle.getBundle("clawster.http.messages", Locale.ENGLISH);

  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");

  private Sentences() {}

  static String of(Problem problem) {
    String sentence;
    try {
      sentence = ENGLISH.getString(problem.code());
    } catch (MissingResourceException e) {
      // Codes made from an upstream's words have no sentence of their own.
      sentence = problem.facts().getOrDefault("detail", problem.code());
    }
    return PLACE
        .matcher(sentence)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    problem.facts().getOrDefault(place.group(1), place.group())));
  }
}
