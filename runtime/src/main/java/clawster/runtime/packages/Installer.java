package clawster.runtime.packages;

import clawster.packages.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who installs one kind of packages on this node. Calls block, and are bounded in time and in what
 * is kept of what programs say.
 */
public interface Installer {

  PackageKind kind();

  /**
   * Puts another version in the place of the one that is there.
   *
   * @param progress is told lines that people may see, one at a time and by other threads
   */
  Outcome install(PackageSpec spec, Consumer<String> progress);

  /** What is not there is done. */
  Outcome uninstall(PackageRef ref, Consumer<String> progress);

  /** What is installed now, sorted by name; names are as {@link PackageRef} has them. */
  List<InstalledPackage> list() throws IOException;
}
