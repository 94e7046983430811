package clawster.packages;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line by which a package manager tells the state of a package.
 *
 * @param pattern of the whole line, with the groups {@code name} and {@code installed}, and {@code
 *     available} if it tells that too
 */
record StateLine(Pattern pattern) {

  static StateLine of(String pattern) {
    return new StateLine(Pattern.compile(pattern));
  }

  /** Empty for any other line. */
  Optional<PackageState> read(String line) {
    var told = pattern.matcher(line);
    return told.matches()
        ? Optional.of(
            new PackageState(
                told.group("name"), Optional.of(told.group("installed")), available(told)))
        : Optional.empty();
  }

  private static Optional<String> available(Matcher told) {
    return told.namedGroups().containsKey("available")
        ? Optional.of(told.group("available"))
        : Optional.empty();
  }
}
