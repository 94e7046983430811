package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;
import java.util.List;
import java.util.Optional;

/** What happens while a declaration is brought about. */
public sealed interface PackageEvent {

  /** A line that a package manager printed, on a node. */
  record Said(String node, String line) implements PackageEvent {}

  /** A node has come further. */
  record Moved(String node, PackageStatus status) implements PackageEvent {}

  /**
   * Nothing comes after it.
   *
   * @param missed why it is not as declared on every node where somebody installs such packages, or
   *     on none at all; empty if it is
   */
  record Ended(Optional<Problem> missed, List<NodePackages> nodes) implements PackageEvent {
    public Ended {
      nodes = List.copyOf(nodes);
    }

    public boolean ok() {
      return missed.isEmpty();
    }
  }
}
