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

  private static final Pattern COMPARABLE = Pattern.compile("\\d+(?:\\.\\d+){0,2}(?:[-+].*)?");

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
      case INSTALLED -> found.filter(one -> spec.isMetBy(one.version())).isPresent();
      // A system's own packages are on no list: whoever installs has to be asked.
      case ABSENT -> found.isEmpty() && kind().listsAll();
    };
  }

  /** Whether no version that is there could be told to be what is wanted, or not. */
  boolean isTag() {
    return spec.version().filter(wanted -> !COMPARABLE.matcher(wanted).matches()).isPresent();
  }
}
