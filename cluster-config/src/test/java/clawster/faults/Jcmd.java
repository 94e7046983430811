package clawster.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Looks into another JVM, without a port or an agent. */
final class Jcmd {

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private Jcmd() {}

  static String ask(long pid, String command) {
    var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      var process =
          new ProcessBuilder(tool.toString(), Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      try (var output = process.getInputStream()) {
        return new String(output.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A class histogram collects garbage first and counts what is left. */
  static long liveBytes(long pid) {
    ask(pid, "GC.run");
    var total = TOTAL.matcher(ask(pid, "GC.class_histogram"));
    if (!total.find()) {
      throw new AssertionError("jcmd does not say what lives in process " + pid);
    }
    return Long.parseLong(total.group(1));
  }
}
