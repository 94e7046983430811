package clawster.runtime.packages;

import clawster.packages.Action;
import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.packages.PackageClient;
import clawster.packages.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Has the package helper install the system's packages. It judges each name again, by the manager
 * that is there, and knows what of it was installed through it.
 */
public final class HelperInstaller implements Installer {

  /** The helper takes 15 minutes at most for one change, and lets one wait for 20. */
  private static final Duration FOR_A_CHANGE = Duration.ofMinutes(40);

  private static final Duration FOR_A_LIST = Duration.ofMinutes(2);

  /**
   * After a first "not now" comes another question soon: the nodes of a machine share a helper,
   * which lets in only some at once.
   */
  private static final Pauses TO_BE_LET_IN =
      new Pauses(Duration.ofMillis(100), Duration.ofSeconds(2));

  /** So often it is asked before it counts as busy: for some six seconds. */
  private static final int TIMES = 8;

  private final Pauses pauses;
  private final PackageClient changes;
  private final PackageClient questions;

  public HelperInstaller(Path socket) {
    this(socket, TO_BE_LET_IN);
  }

  HelperInstaller(Path socket, Pauses pauses) {
    this.pauses = pauses;
    changes = new PackageClient(socket, FOR_A_CHANGE);
    questions = new PackageClient(socket, FOR_A_LIST);
  }

  @Override
  public PackageKind kind() {
    return PackageKind.SYSTEM;
  }

  @Override
  public Outcome install(PackageSpec spec, Consumer<String> progress) {
    return change(Action.INSTALL, spec.ref(), progress);
  }

  @Override
  public Outcome uninstall(PackageRef ref, Consumer<String> progress) {
    return change(Action.UNINSTALL, ref, progress);
  }

  private Outcome change(Action action, PackageRef ref, Consumer<String> progress) {
    var request = new Request(action.wire(), ref.name(), true);
    return switch (asked(changes, request, progress)) {
      case Outcome.Failed(var code, var error) -> new Outcome.Failed(code, Line.of(error));
      case Outcome.Unknown(var why) -> new Outcome.Unknown(Line.of(why));
      case Outcome.Done done -> done;
    };
  }

  private Outcome asked(PackageClient client, Request request, Consumer<String> progress) {
    var outcome = client.ask(request, progress);
    try {
      for (int times = 1; isNotNow(outcome) && times < TIMES; times++) {
        Turn.pause(pauses.after(times));
        outcome = client.ask(request, progress);
      }
    } catch (IOException _) {
      // Whoever is interrupted has heard "not now".
    }
    return outcome;
  }

  private static boolean isNotNow(Outcome outcome) {
    return outcome instanceof Outcome.Failed(var code, _) && code == FailureCode.LOCKED;
  }

  /** What it installed once and is not there now is not installed. */
  @Override
  public List<InstalledPackage> list() throws IOException {
    return switch (asked(questions, Request.of(Action.LIST), _ -> {})) {
      case Outcome.Done(var packages) ->
          packages.stream()
              .flatMap(
                  state ->
                      state.installed().stream()
                          .map(version -> new InstalledPackage(state.name(), version)))
              .sorted(Comparator.comparing(InstalledPackage::name))
              .toList();
      case Outcome.Failed(_, var error) -> throw new IOException(Line.of(error));
      case Outcome.Unknown(var why) -> throw new IOException(Line.of(why));
    };
  }
}
