package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Installs Python's packages. pip puts them into the scratch, and {@link PythonTarget} from there
 * to where they are used, so a failed installation has changed nothing.
 */
public final class PipInstaller implements Installer {

  private final PythonTarget target;
  private final Workbench bench;

  public PipInstaller(RuntimeDirectory directory, InstallLimits limits) {
    target = new PythonTarget(directory.pip());
    bench =
        new Workbench(
            kind(),
            directory,
            limits,
            Map.of(),
            (said, scratch) -> Pip.failure(said, log(scratch)));
  }

  @Override
  public PackageKind kind() {
    return PackageKind.PIP;
  }

  @Override
  public Outcome install(PackageSpec spec, Consumer<String> progress) {
    return bench.alone(
        () -> there(spec.ref()),
        scratch -> {
          var failed =
              bench.run(Pip.install(spec, scratch.stage(), log(scratch)), scratch, progress);
          return failed.isPresent() ? failed.get() : adopted(scratch, spec.ref());
        });
  }

  private static PipLog log(Scratch scratch) {
    return new PipLog(scratch.place().resolve("pip.log"));
  }

  private Outcome adopted(Scratch scratch, PackageRef ref) throws IOException {
    return bench.<Outcome>undisturbed(
        () -> {
          target.adopt(scratch.stage());
          var there = there(ref);
          return there.isPresent() ? there.get() : Workbench.nothingCame();
        });
  }

  /** One that has no list of its files is installed again, to have one. */
  private Optional<Outcome.Done> there(PackageRef ref) throws IOException {
    return target.called(ref.name()).stream()
        .filter(found -> found.isListed() && !found.isRemnant())
        .findFirst()
        .map(found -> Workbench.done(ref, Optional.of(found.version())));
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return bench.alone(_ -> bench.undisturbed(() -> removed(ref, progress)));
  }

  private Outcome removed(PackageRef ref, Consumer<String> progress) throws IOException {
    for (var found : target.called(ref.name())) {
      if (!found.isListed() && !found.isRemnant()) {
        return new Outcome.Failed(
            FailureCode.SYSTEM_ERROR,
            "which files belong to it is not recorded; installed once more it can be removed");
      }
      target.remove(found);
      progress.accept("Removed " + found.name() + " " + found.version());
    }
    return Workbench.done(ref, Optional.empty());
  }

  @Override
  public List<InstalledPackage> list() throws IOException {
    return bench.undisturbed(target::list);
  }
}
