package clawster.node;

import clawster.persistence.packages.PostgresDesiredPackages;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.kernel.SteadyClock;
import clawster.runtime.nodes.NodeReport;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.packages.ClusterPackages;
import clawster.runtime.packages.HelperInstaller;
import clawster.runtime.packages.InstallLimits;
import clawster.runtime.packages.MemberName;
import clawster.runtime.packages.NodeEnvironment;
import clawster.runtime.packages.NpmInstaller;
import clawster.runtime.packages.Packages;
import clawster.runtime.packages.PipInstaller;
import clawster.runtime.packages.RuntimeDirectory;
import clawster.runtime.packages.RuntimeProbe;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The packages of a cluster as a node has its part in them. */
final class PackageHost {

  /** What the cluster says of members that are on their way out. */
  private static final Set<String> GOING = Set.of("leaving", "exiting", "down", "removed");

  private PackageHost() {}

  /**
   * From here on the node brings its packages to what is declared.
   *
   * @throws StartRefused if the directory for them is not fit to be one
   */
  static Packages start(Foundation base, Nodes nodes) {
    var settings = base.settings();
    var directory = directory(settings);
    return base.held()
        .add(
            ClusterPackages.start(
                base.system(),
                new PostgresDesiredPackages(base.database()),
                new MemberName(String.valueOf(base.membership().number()), base.name()),
                () -> members(nodes),
                List.of(
                    new HelperInstaller(settings.packageSocket()),
                    new PipInstaller(directory, InstallLimits.USUAL),
                    new NpmInstaller(directory, InstallLimits.USUAL)),
                new RuntimeProbe(directory, settings.packageSocket()),
                new SteadyClock()));
  }

  private static RuntimeDirectory directory(Settings settings) {
    try {
      return RuntimeDirectory.open(settings.runtime(), new NodeEnvironment(settings.environment()));
    } catch (IOException e) {
      throw new StartRefused("CLAWSTER_RUNTIME_DIR cannot be used: " + e.getMessage());
    }
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
