package clawster.node;

import clawster.packages.Action;
import clawster.packages.Outcome;
import clawster.packages.PackageClient;
import clawster.packages.Request;
import clawster.runtime.packages.InstalledPackage;
import clawster.runtime.packages.Installer;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Has the package helper install the system's packages. */
record HelperSocket(Path socket) implements Installer {

  /** More than the helper takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(40);

  LanguageRuntime runtime() {
    return new LanguageRuntime(LanguageRuntime.HELPER, Files.exists(socket), "");
  }

  @Override
  public PackageKind kind() {
    return PackageKind.SYSTEM;
  }

  @Override
  public Outcome install(PackageSpec spec, Consumer<String> progress) {
    return ask(Action.INSTALL, spec.ref().name(), progress);
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return ask(Action.UNINSTALL, ref.name(), progress);
  }

  private Outcome ask(Action action, String name, Consumer<String> progress) {
    return new PackageClient(socket, PATIENCE)
        .ask(new Request(action.wire(), name, true), progress);
  }

  @Override
  public List<InstalledPackage> list() throws IOException {
    return switch (new PackageClient(socket, PATIENCE).ask(Request.of(Action.LIST), _ -> {})) {
      case Outcome.Done(var packages) ->
          packages.stream()
              .flatMap(
                  state ->
                      state.installed().stream()
                          .map(version -> new InstalledPackage(state.name(), version)))
              .toList();
      case Outcome.Failed(_, var error) -> throw new IOException(error);
      case Outcome.Unknown(var why) -> throw new IOException(why);
    };
  }
}
