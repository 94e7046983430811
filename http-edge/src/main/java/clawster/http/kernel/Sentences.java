package clawster.http.kernel;

import clawster.runtime.kernel.Problem;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** What a person reads, by problem code. */
final class Sentences {

  private static final ResourceBundle ENGLISH =
      ResourceBundle.getBundle("clawster.http.messages", Locale.ENGLISH);

  private Sentences() {}

  static String of(Problem problem) {
    String sentence;
    try {
      sentence = ENGLISH.getString(problem.code());
    } catch (MissingResourceException e) {
      // Codes made from an upstream's words have no sentence of their own.
      sentence = problem.facts().getOrDefault("detail", problem.code());
    }
    for (var fact : problem.facts().entrySet()) {
      sentence = sentence.replace("{" + fact.getKey() + "}", fact.getValue());
    }
    return sentence;
  }
}
