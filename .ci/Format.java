import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats every Java file of this repository, or with {@code check} names those that are not
 * formatted.
 */
public final class Format {

  public static void main(String[] arguments) throws Exception {
    boolean check = arguments.length > 0 && arguments[0].equals("check");
    var options =
        new ArrayList<>(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("-i"));
    options.addAll(sources());
    var formatter =
        new Main(new PrintWriter(System.out, true), new PrintWriter(System.err, true), System.in);
    int exit = formatter.format(options.toArray(String[]::new));
    if (exit != 0 && check) {
      System.err.println("Not formatted. Run: mvn -N -Pformat initialize");
    }
    System.exit(exit);
  }

  private static List<String> sources() throws IOException {
    try (var files = Files.walk(Path.of(""))) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".java") && !name.contains("target/"))
          .sorted()
          .toList();
    }
  }
}
