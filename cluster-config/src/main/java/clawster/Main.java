package clawster;

import clawster.cli.Commands;

/** What {@code ./clawster} runs. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Commands.run(arguments));
  }
}
