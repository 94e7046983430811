package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Installs Node's packages, as what npm calls global ones. */
public final class NpmInstaller implements Installer {

  private final RuntimeDirectory directory;
  private final NodeModules modules;
  private final Workbench bench;

  public NpmInstaller(RuntimeDirectory directory, InstallLimits limits) {
    this.directory = directory;
    modules = new NodeModules(directory.npmModules());
    bench =
        new Workbench(
            kind(), directory, limits, environment(directory), (said, _) -> Npm.failure(said));
  }

  /**
   * Of settings only the operator's: other files would be those in somebody's home, and below the
   * directory that packages are installed into. npm does not take the same file for both.
   */
  private static Map<String, String> environment(RuntimeDirectory directory) {
    var all = new HashMap<String, String>();
    for (var settings : List.of("NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG")) {
      all.put(
          settings,
          directory.node().get(settings).orElse(directory.empty().resolve(settings).toString()));
    }
    all.put("NPM_CONFIG_CACHE", directory.npmCache().toString());
    return all;
  }

  @Override
  public PackageKind kind() {
    return PackageKind.NPM;
  }

  @Override
  public Outcome install(PackageSpec spec, Consumer<String> progress) {
    return change(Npm.install(spec), () -> there(spec), spec.ref(), true, progress);
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return change(Npm.uninstall(ref), Optional::empty, ref, false, progress);
  }

  private Outcome change(
      List<String> command,
      Workbench.Question<Optional<Outcome.Done>> there,
      PackageRef ref,
      boolean wanted,
      Consumer<String> progress) {
    return bench.alone(
        there,
        scratch -> {
          modules.removeLeftovers();
          var failed = bench.run(command, scratch, progress);
          Scratch.empty(directory.npmCache());
          return failed.isPresent() ? failed.get() : changed(ref, wanted);
        });
  }

  private Outcome changed(PackageRef ref, boolean wanted) throws IOException {
    var version = version(ref);
    if (version.isPresent() != wanted) {
      return wanted
          ? Workbench.nothingCame()
          : new Outcome.Failed(FailureCode.SYSTEM_ERROR, "it is still there");
    }
    return Workbench.done(ref, version);
  }

  private Optional<Outcome.Done> there(PackageSpec spec) throws IOException {
    return version(spec.ref())
        .filter(spec::isMetBy)
        .map(version -> Workbench.done(spec.ref(), Optional.of(version)));
  }

  private Optional<String> version(PackageRef ref) throws IOException {
    return list().stream()
        .filter(found -> found.name().equals(ref.name()))
        .map(InstalledPackage::version)
        .findFirst();
  }

  @Override
  public List<InstalledPackage> list() throws IOException {
    return modules.list();
  }
}
