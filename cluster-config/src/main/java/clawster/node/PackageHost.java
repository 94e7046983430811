package clawster.node;

import clawster.persistence.packages.PostgresDesiredPackages;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.nodes.NodeReport;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.packages.ClusterPackages;
import clawster.runtime.packages.MemberName;
import clawster.runtime.packages.Packages;
import java.util.List;
import java.util.Set;

/** The packages of a cluster as a node has its part in them. */
final class PackageHost {

  /** What the cluster says of members that are on their way out. */
  private static final Set<String> GOING = Set.of("leaving", "exiting", "down", "removed");

  private PackageHost() {}

  /** From here on the node brings its packages to what is declared. */
  static Packages start(Foundation base, Nodes nodes) {
    var helper = new HelperSocket(base.settings().packageSocket());
    return base.held()
        .add(
            ClusterPackages.start(
                base.system(),
                new PostgresDesiredPackages(base.database()),
                new MemberName(String.valueOf(base.membership().number()), base.name()),
                () -> members(nodes),
                List.of(helper),
                () -> List.of(helper.runtime()),
                new SteadyClock()));
  }

  private static List<MemberName> members(Nodes nodes) {
    return nodes.all().stream()
        .filter(node -> !GOING.contains(node.status()))
        .map(
            node ->
                new MemberName(node.id(), node.report().map(NodeReport::name).orElse(node.id())))
        .toList();
  }
}
