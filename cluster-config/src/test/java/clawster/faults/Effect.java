package clawster.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A line of the ledger: a tool took effect. */
record Effect(String callId, String tool) {

  String line() {
    return callId + " " + tool + "\n";
  }

  static List<Effect> readAll(Path ledger) throws IOException {
    return Files.exists(ledger)
        ? Files.readAllLines(ledger).stream().map(Effect::parse).toList()
        : List.of();
  }

  private static Effect parse(String line) {
    var words = line.split(" ", 2);
    return new Effect(words[0], words[1]);
  }
}
