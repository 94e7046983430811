package clawster.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What is alive in another JVM's heap after a collection, by {@code jcmd}: no port, no agent. */
final class Heap {

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  /** Room that a collection leaves between what lives, and lists as if it did. */
  private static final Pattern FILLER =
      Pattern.compile(
          "(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+\\S*\\bFiller(?:Element|Object|Array);?\\b");

  private Heap() {}

  /** A class histogram collects garbage first and counts what is left, whatever the collector. */
  static long liveBytes(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    return live(jcmd(pid, "GC.class_histogram"))
        .orElseThrow(() -> new IOException("jcmd does not say what lives in process " + pid));
  }

  static OptionalLong live(String histogram) {
    var total = TOTAL.matcher(histogram);
    if (!total.find()) {
      return OptionalLong.empty();
    }
    long filler =
        FILLER.matcher(histogram).results().mapToLong(line -> Long.parseLong(line.group(1))).sum();
    return OptionalLong.of(Long.parseLong(total.group(1)) - filler);
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    var process =
        new ProcessBuilder(tool.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    try (var output = process.getInputStream()) {
      var said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    }
  }
}
