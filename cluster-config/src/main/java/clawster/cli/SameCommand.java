package clawster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The command this process was started with, changed a little: Java, its options and ours. */
final class SameCommand {

  private static final Set<String> ABOUT_NODES = Set.of("--nodes", "--node", "--port");

  private SameCommand() {}

  static List<String> inForeground() {
    return without(Set.of());
  }

  /** As one node, in the foreground. */
  static List<String> forNode(int node, int port) {
    var command = without(ABOUT_NODES);
    command.addAll(List.of("--node", String.valueOf(node), "--port", String.valueOf(port)));
    return command;
  }

  /**
   * @param options that are left out with their values
   */
  private static List<String> without(Set<String> options) {
    var self = ProcessHandle.current().info();
    var command = new ArrayList<String>();
    command.add(self.command().orElseThrow());
    boolean isValue = false;
    for (var argument : self.arguments().orElseThrow()) {
      int equals = argument.indexOf('=');
      var name = equals < 0 ? argument : argument.substring(0, equals);
      if (!isValue && !options.contains(name) && !argument.equals("--detach")) {
        command.add(argument);
      }
      isValue = !isValue && options.contains(argument);
    }
    return command;
  }
}
