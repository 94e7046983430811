package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.PackageState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Installs Node's packages, as what npm calls global ones. */
public final class NpmInstaller implements Installer {

  private final RuntimeDirectory directory;
  private final Workbench bench;

  public NpmInstaller(RuntimeDirectory directory, InstallLimits limits) {
    this.directory = directory;
    bench = new Workbench(kind(), directory, limits, environment(directory), Npm::failure);
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
    return change(Npm.install(spec), spec.ref(), true, progress);
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return change(Npm.uninstall(ref), ref, false, progress);
  }

  private Outcome change(
      List<String> command, PackageRef ref, boolean wanted, Consumer<String> progress) {
    return bench.alone(
        scratch -> {
          removeLeftovers(directory.npmModules());
          var failed = bench.run(command, scratch, progress);
          Scratch.empty(directory.npmCache());
          return failed.isPresent() ? failed.get() : changed(ref, wanted);
        });
  }

  private Outcome changed(PackageRef ref, boolean wanted) throws IOException {
    var version =
        list().stream()
            .filter(found -> found.name().equals(ref.name()))
            .map(InstalledPackage::version)
            .findFirst();
    if (version.isPresent() != wanted) {
      return wanted
          ? new Outcome.Failed(FailureCode.NOT_FOUND, "no package of that name came of it")
          : new Outcome.Failed(FailureCode.SYSTEM_ERROR, "it is still there");
    }
    return new Outcome.Done(List.of(new PackageState(ref.name(), version, Optional.empty())));
  }

  /**
   * While npm works it puts what was there aside, under a name made of the old one; where it finds
   * that name taken, since it was killed once, it fails from then on.
   */
  private static void removeLeftovers(Path modules) throws IOException {
    if (!Files.isDirectory(modules, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(modules)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (name.matches("\\..+-[A-Za-z0-9]{8}")) {
          Scratch.delete(entry);
        } else if (name.startsWith("@")) {
          removeLeftovers(entry);
        }
      }
    }
  }

  /** npm may complain, of what packages lack say, and yet tell all of them. */
  @Override
  public List<InstalledPackage> list() throws IOException {
    return Npm.read(bench.ask(Npm.list()));
  }
}
