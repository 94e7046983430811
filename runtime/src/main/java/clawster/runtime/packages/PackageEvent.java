package clawster.runtime.packages;

import java.util.List;

/** What happens while a declaration is brought about. */
public sealed interface PackageEvent {

  /** A line that a package manager printed, on a node. */
  record Said(String node, String line) implements PackageEvent {}

  /** A node has come further. */
  record Moved(String node, PackageStatus status) implements PackageEvent {}

  /**
   * Nothing comes after it.
   *
   * @param ok whether it is as declared on every node where somebody installs such packages, and on
   *     one at least
   * @param error why not, for people; empty if it is
   */
  record Ended(boolean ok, String error, List<NodePackages> nodes) implements PackageEvent {
    public Ended {
      nodes = List.copyOf(nodes);
    }
  }
}
