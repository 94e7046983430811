package clawster.runtime.packages;

import clawster.runtime.packages.Packages.Presence;
import java.util.regex.Pattern;

/**
 * What is wanted of a package, in the place of whatever was wanted of it before.
 *
 * @param change its number: a later declaration, of any package, has a greater one
 * @param withdrawn whether it came to nothing on every node and is not wanted any more; it is still
 *     shown for a while
 */
public record Declaration(long change, PackageSpec spec, Presence presence, boolean withdrawn) {

  private static final Pattern COMPARABLE = Pattern.compile("v?\\d+(?:\\.\\d+){0,2}(?:[-+].*)?");

  public PackageRef ref() {
    return spec.ref();
  }

  PackageKind kind() {
    return ref().kind();
  }

  /** Whether that is what is wanted, as far as one look at what is there can tell. */
  boolean isMetBy(Inventory.Listed listed) {
    var found = listed.find(ref());
    return switch (presence) {
      case INSTALLED -> found.filter(this::isWantedVersion).isPresent();
      // A system's own packages are on no list: whoever installs has to be asked.
      case ABSENT -> found.isEmpty() && kind().listsAll();
    };
  }

  private boolean isWantedVersion(InstalledPackage one) {
    return spec.version().map(wanted -> isVersion(wanted, one.version())).orElse(true);
  }

  /**
   * {@code 8.12} is any {@code 8.12.x}, a {@code v} before it and a build behind it say nothing; of
   * a tag nobody here knows what it stands for.
   */
  private static boolean isVersion(String wanted, String installed) {
    var plain = wanted.replaceFirst("^v(?=\\d)", "").replaceFirst("\\+.*", "");
    return wanted.equals(installed)
        || plain.equals(installed)
        || plain.matches("\\d+(\\.\\d+)?") && installed.startsWith(plain + ".");
  }

  /** Whether no version that is there could be told to be what is wanted, or not. */
  boolean isTag() {
    return spec.version().filter(wanted -> !COMPARABLE.matcher(wanted).matches()).isPresent();
  }
}
