package clawster.runtime.packages;

import clawster.packages.BackEnd;
import clawster.packages.NameRule;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Who installs a package, and so what may be its name. */
public enum PackageKind {
  /** The system's, by way of the helper that is root. */
  SYSTEM("", "", LanguageRuntime.HELPER),
  /**
   * Python's. Its names are compared in small letters, with one hyphen for any run of {@code ._-}.
   */
  PIP("pip:", "", "pip3"),
  /** Node's: {@code name} or {@code @scope/name}, with a version or tag behind an {@code @}. */
  NPM("npm:", "@", "npm");

  /** What pip and npm take for a file rather than for a name, in small letters. */
  private static final Pattern FILE =
      Pattern.compile(".*\\.(?:zip|whl|tar|tgz|tbz|txz|tlz|tar\\.(?:gz|bz2|xz|lz|lzma))");

  private static final NameRule PYTHON =
      NameRule.of("[A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9]))?");

  private static final NameRule NODE =
      NameRule.of("(?:@[A-Za-z0-9][A-Za-z0-9._-]*+/)?[A-Za-z0-9][A-Za-z0-9._-]*+");

  private static final NameRule VERSION = NameRule.of("[A-Za-z0-9][A-Za-z0-9.+-]*+");

  /** What npm reads as a range, or as another way to write a version. */
  private static final Pattern RANGE =
      Pattern.compile(
          "(?=[vV]|[^+-]*[xX])[vV]?PART(?:(?:\\.PART)?|\\.PART\\.PART(?:[+-].*)?)"
              .replace("PART", "(?:[xX]|\\d+)"));

  private final String prefix;
  private final String beforeVersion;
  private final String runtime;

  PackageKind(String prefix, String beforeVersion, String runtime) {
    this.prefix = prefix;
    this.beforeVersion = beforeVersion;
    this.runtime = runtime;
  }

  /** What stands before the name where kinds are told apart by it: {@code pip:}. */
  public String prefix() {
    return prefix;
  }

  /** What stands between name and version; empty where no version can be given. */
  String beforeVersion() {
    return beforeVersion;
  }

  /** The name of the {@link LanguageRuntime} without which nobody installs them. */
  String runtime() {
    return runtime;
  }

  /** {@code pip}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name under which it is known again; the same for whatever its manager takes to be one. */
  String canonical(String name) {
    return this == PIP ? name.replaceAll("[._-]+", "-").toLowerCase(Locale.ROOT) : name;
  }

  /**
   * Whether it is a name and nothing else. A system's package is one for some system that there may
   * be: each node's helper judges it again, by the manager it has.
   */
  boolean accepts(String name) {
    return switch (this) {
      case SYSTEM -> BackEnd.ALL.stream().anyMatch(end -> end.names().accepts(name));
      case PIP -> PYTHON.accepts(name) && !isFile(name);
      case NPM -> NODE.accepts(name) && !isFile(name);
    };
  }

  boolean acceptsVersion(String version) {
    return !beforeVersion.isEmpty()
        && VERSION.accepts(version)
        && !isFile(version)
        && !RANGE.matcher(version).matches();
  }

  /** Whether a list shows all that is there, and not only what was installed by us. */
  boolean listsAll() {
    return this != SYSTEM;
  }

  /** Whether one of them brings in others, which are then listed beside it. */
  boolean bringsInOthers() {
    return this == PIP;
  }

  private static boolean isFile(String name) {
    return FILE.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** All of them, those with a prefix first. */
  static List<PackageKind> byPrefix() {
    return List.of(PIP, NPM, SYSTEM);
  }
}
