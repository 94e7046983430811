package clawster.runtime.packages;

import java.util.Optional;

/**
 * A package as callers name it: {@code github-cli}, {@code pip:pandas}, {@code npm:docx@8.12.0}.
 *
 * @param version one version, or a tag; whichever is newest if empty
 */
public record PackageSpec(PackageRef ref, Optional<String> version) {

  public PackageSpec {
    if (!version.map(ref.kind()::acceptsVersion).orElse(true)) {
      throw new IllegalArgumentException("not a version of such a package");
    }
  }

  /** Empty for what could be anything else to whoever would install it. */
  public static Optional<PackageSpec> parse(String text) {
    var kind =
        PackageKind.byPrefix().stream()
            .filter(k -> text.startsWith(k.prefix()))
            .findFirst()
            .orElseThrow();
    var rest = text.substring(kind.prefix().length());
    // A scope begins with the same sign as a version.
    int at = kind.beforeVersion().isEmpty() ? -1 : rest.indexOf(kind.beforeVersion(), 1);
    return at < 0
        ? of(kind, rest, Optional.empty())
        : of(kind, rest.substring(0, at), Optional.of(rest.substring(at + 1)));
  }

  private static Optional<PackageSpec> of(PackageKind kind, String name, Optional<String> version) {
    return kind.accepts(name) && version.map(kind::acceptsVersion).orElse(true)
        ? Optional.of(new PackageSpec(new PackageRef(kind, kind.canonical(name)), version))
        : Optional.empty();
  }

  /** {@code 8.12} is any {@code 8.12.x}; of a tag nobody here knows what it stands for. */
  boolean isMetBy(String installed) {
    return version.map(wanted -> isVersion(withoutBuild(wanted), installed)).orElse(true);
  }

  private static boolean isVersion(String wanted, String installed) {
    return wanted.equals(withoutBuild(installed))
        || wanted.matches("\\d+(\\.\\d+)?") && installed.startsWith(wanted + ".");
  }

  /** What follows a plus does not make it another version. */
  private static String withoutBuild(String version) {
    int build = version.indexOf('+');
    return build < 0 ? version : version.substring(0, build);
  }

  @Override
  public String toString() {
    return ref + version.map(v -> ref.kind().beforeVersion() + v).orElse("");
  }
}
