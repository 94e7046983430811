package clawster.runtime.packages;

import clawster.packages.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who installs packages of one kind on this node. Every call blocks, and is bounded in time and
 * output; whoever is interrupted ends what it began.
 */
public interface Installer {

  PackageKind kind();

  /**
   * @param progress is told each line while it goes on
   */
  Outcome install(PackageSpec spec, Consumer<String> progress);

  /** What is not installed is done. */
  Outcome uninstall(PackageRef ref, Consumer<String> progress);

  /**
   * What is really there, of those it looks after.
   *
   * @throws IOException if nobody could say
   */
  List<InstalledPackage> list() throws IOException;
}
