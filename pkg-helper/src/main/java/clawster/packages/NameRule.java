package clawster.packages;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a package manager takes for the name of a package and for nothing else: no option, path,
 * address, version, release, pattern or sign that turns an installation into something else.
 *
 * @param grammar of the whole name; it must not be able to backtrack
 * @param never what no name contains, in small letters
 */
public record NameRule(Pattern grammar, List<String> never) {

  /** The longest name Debian has is 72 long, Alpine's 60. */
  private static final int MAX_LENGTH = 128;

  public NameRule {
    never = List.copyOf(never);
  }

  /**
   * @param grammar of the whole name; it must not be able to backtrack
   */
  public static NameRule of(String grammar, String... never) {
    return new NameRule(Pattern.compile(grammar), List.of(never));
  }

  public boolean accepts(String text) {
    return text.length() <= MAX_LENGTH
        && grammar.matcher(text).matches()
        && never.stream().noneMatch(text.toLowerCase(Locale.ROOT)::contains);
  }
}
