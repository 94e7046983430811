package clawster.http.kernel;

import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Problem;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person reads, by problem code. */
public final class Sentences {

  /** Never the machine's own language. */
  private static final ResourceBundle.Control ONLY_THAT =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  /** The same keys and places in each. */
  private static final Map<Language, ResourceBundle> LANGUAGES = new EnumMap<>(Language.class);

  static {
    for (var language : Language.values()) {
      LANGUAGES.put(
          language,
          ResourceBundle.getBundle(
              "clawster.http.messages", Locale.forLanguageTag(language.tag()), ONLY_THAT));
    }
  }

  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");

  private Sentences() {}

  public static String of(Problem problem, Language language) {
    String sentence;
    try {
      sentence = LANGUAGES.get(language).getString(problem.code());
    } catch (MissingResourceException e) {
      // Codes made from an upstream's words have no sentence of their own.
      sentence = problem.facts().getOrDefault("detail", problem.code());
    }
    return filled(sentence, problem.facts(), language);
  }

  /** What is wrong with a value, as a part of a sentence. */
  public static String of(Flaw flaw, Language language) {
    return filled(LANGUAGES.get(language).getString(flaw.code()), flaw.facts(), language);
  }

  /** Where a flaw has its place, its own sentence is filled in, in the same language. */
  private static String filled(String sentence, Map<String, String> facts, Language language) {
    return PLACE
        .matcher(sentence)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    facts.containsKey(place.group(1))
                        ? place.group(1).equals("flaw")
                            ? of(new Flaw(facts.get("flaw"), facts), language)
                            : facts.get(place.group(1))
                        : place.group()));
  }
}
