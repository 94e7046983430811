package clawster.cli;

import clawster.node.Node;
import clawster.persistence.postgres.StartRefused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** All verbs; each is a class. */
@Command(
    name = "clawster",
    description = "Many agents, one service.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class,
    footer = "%nThe launcher has one more, for root: helper, which installs packages.",
    subcommands = {
      Up.class,
      Status.class,
      Stop.class,
      Chat.class,
      Certificates.class,
      Rehearse.class
    })
public final class Commands implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs one verb; the process's exit code. */
  public static int run(String[] arguments) {
    return new CommandLine(new Commands())
        .setExecutionExceptionHandler(Commands::failed)
        .setParameterExceptionHandler(Commands::misread)
        .execute(arguments);
  }

  private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    if (failure instanceof StartRefused refused) {
      command.getErr().println("clawster: " + refused.getMessage());
      return 1;
    }
    throw failure;
  }

  private static int misread(ParameterException misread, String[] arguments) {
    var command = misread.getCommandLine();
    command
        .getErr()
        .printf(
            "clawster: %s; see %s --help%n",
            misread.getMessage(), command.getCommandSpec().qualifiedName());
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"clawster " + Node.version()};
    }
  }
}
