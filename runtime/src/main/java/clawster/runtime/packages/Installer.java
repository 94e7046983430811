package clawster.runtime.packages;

import clawster.packages.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who installs packages of one kind on this node. Calls block, and are bounded in time and in what
 * is kept of what programs say; whoever is interrupted ends what it began.
 */
public interface Installer {

  PackageKind kind();

  /**
   * Does nothing if it is there as it is asked for; puts the version that is asked for in the place
   * of another.
   *
   * @param progress is told lines that people may see, one at a time and by other threads
   */
  Outcome install(PackageSpec spec, Consumer<String> progress);

  /** What is not installed is done. */
  Outcome uninstall(PackageRef ref, Consumer<String> progress);

  /**
   * What is really there, of those it looks after, sorted by name; names are as {@link PackageRef}
   * has them.
   *
   * @throws IOException if nobody could say
   */
  List<InstalledPackage> list() throws IOException;
}
