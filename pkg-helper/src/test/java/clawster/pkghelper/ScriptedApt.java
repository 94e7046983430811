package clawster.pkghelper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's programs in a few lines: an installation may fail halfway, and its repair as well. */
final class ScriptedApt {

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "apt-get",
          """
          for name; do :; done
          echo "installed ${name%:native} 1.0" >>$state/status
          if [ -e $state/trouble ]; then echo "E: Sub-process dpkg returned an error" >&2; exit 100; fi
          """,
          "apt-cache",
          "echo '  Candidate: 1.0'",
          "dpkg-query",
          "cat $state/status",
          "dpkg",
          """
          echo "$*" >>$state/repairs
          if [ -e $state/broken ]; then echo "dpkg: error processing package postfix" >&2; exit 1; fi
          """);

  private final Path state;

  private ScriptedApt(Path state) {
    this.state = state;
  }

  static ScriptedApt in(Path place) throws IOException {
    var state = Files.createDirectories(place.resolve("apt"));
    Files.createFile(state.resolve("status"));
    for (var script : SCRIPTS.entrySet()) {
      var program = state.resolve(script.getKey());
      Script.write(program, "#!/bin/sh\nstate=" + state + "\n" + script.getValue());
    }
    return new ScriptedApt(state);
  }

  List<Path> path() {
    return List.of(state, Path.of("/usr/bin"), Path.of("/bin"));
  }

  void failsAfterwards() throws IOException {
    Files.createFile(state.resolve("trouble"));
  }

  void worksAgain() throws IOException {
    Files.delete(state.resolve("trouble"));
  }

  void cannotBeRepaired() throws IOException {
    Files.createFile(state.resolve("broken"));
  }

  void canBeRepaired() throws IOException {
    Files.delete(state.resolve("broken"));
  }

  List<String> repairs() throws IOException {
    var file = state.resolve("repairs");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
