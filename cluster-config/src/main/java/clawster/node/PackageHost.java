package clawster.node;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.packages.PostgresDesiredPackages;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.kernel.SteadyClock;
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
import java.util.Comparator;
import java.util.List;

/** The packages of a cluster as a node has its part in them. */
final class PackageHost {

  private PackageHost() {}

  /**
   * From here on the node brings its packages to what is declared.
   *
   * @throws StartRefused if the directory for them is not fit to be one
   */
  static Packages start(Foundation base) {
    var settings = base.settings();
    var directory = directory(settings);
    return base.held()
        .add(
            ClusterPackages.start(
                base.system(),
                new PostgresDesiredPackages(base.database()),
                new MemberName(String.valueOf(base.membership().number()), base.name()),
                () -> members(base.membership().census()),
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

  /** By the numbers that nodes have from the start: whoever is slow to report is a member, too. */
  static List<MemberName> members(Census census) {
    return census.members().stream()
        .filter(member -> member.state() == Member.State.UP || member.number() == census.me())
        .sorted(Comparator.comparingInt(Member::number))
        .map(member -> new MemberName(String.valueOf(member.number()), member.name()))
        .toList();
  }
}
