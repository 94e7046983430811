package clawster.packages;

import java.util.Optional;

/** The name of a system package: it has been judged, so it may stand in an argument vector. */
public record PackageName(NameRule rule, String text) {

  public PackageName {
    if (!rule.accepts(text)) {
      throw new IllegalArgumentException("not the name of a package");
    }
  }

  /** Empty for whatever is none. */
  public static Optional<PackageName> of(NameRule rule, String text) {
    return rule.accepts(text) ? Optional.of(new PackageName(rule, text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
