package clawster.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The package helper: from the start of its launcher, and of its Java alone, to its first answer;
 * and what it takes of memory, before and after it has installed something.
 */
record HelperStart() implements Row {

  private static final String TARGET = "start ≤ 400 ms; ≤ 64 MB RSS";
  private static final int STARTS = 20;
  private static final String ARCHIVE = "-XX:AOTCache=";

  /** Small, and nobody misses it. */
  private static final String PACKAGE = "hello";

  private static final String LIST = "{\"action\":\"list\"}";

  @Override
  public String name() {
    return "helper";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    var launcher = setting.launch().map(launch -> Path.of(launch.split(" ")[0]).toAbsolutePath());
    if (launcher.isEmpty()) {
      return List.of(Measurement.missing(name(), TARGET, "no launcher"));
    }
    if ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
      return List.of(Measurement.missing(name(), TARGET, "only root starts it"));
    }
    // The helper believes nothing in a directory that somebody else could replace.
    var place = Files.createTempDirectory("clawster-bench-helper");
    var figures = new LinkedHashMap<String, Double>();
    var note = measure(launcher.get(), place, setting.scaled(STARTS), figures);
    clear(place);
    return List.of(new Measurement(name(), TARGET, figures, Map.of(), note));
  }

  private static String measure(Path launcher, Path place, int starts, Map<String, Double> figures)
      throws IOException, InterruptedException {
    var launched =
        List.of(
            launcher.toString(),
            "helper",
            "--trust-this-checkout",
            "--user",
            "root",
            "--socket",
            place.resolve("run").resolve("s").toString(),
            "--memory",
            place.resolve("memory").toString());
    List<String> java;
    try (var helper = HelperProcess.start(launched, place)) {
      java = helper.javaWords();
    }
    starts("launcher", launched, place, starts, figures);
    var archive = java.stream().filter(word -> word.startsWith(ARCHIVE)).findFirst();
    if (archive.isPresent()) {
      starts("Java", java, place, starts, figures);
    }
    var without = java.stream().map(w -> w.startsWith(ARCHIVE) ? "-Xshare:auto" : w).toList();
    starts("Java without archive", without, place, starts, figures);
    try (var helper = HelperProcess.start(launched, place)) {
      figures.put("MB RSS", helper.megabytes());
      var skipped = installed(helper);
      figures.put(
          skipped.isEmpty() ? "MB RSS after an installation" : "MB RSS after a list",
          helper.megabytes());
      return skipped.orElse("") + (archive.isPresent() ? "" : " no archive was made");
    }
  }

  private static void clear(Path place) throws IOException {
    try (var all = Files.walk(place)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void starts(
      String what, List<String> command, Path place, int count, Map<String, Double> figures)
      throws IOException, InterruptedException {
    var times = new Samples();
    for (var start = 0; start < count; start++) {
      try (var helper = HelperProcess.start(command, place)) {
        times.add(helper.millisToAnswer());
      }
    }
    figures.put(what + " p50 ms", times.median());
    figures.put(what + " max ms", times.at(1));
  }

  /** Why nothing was, if so. */
  private static Optional<String> installed(HelperProcess helper) throws IOException {
    helper.ask(LIST);
    if (!helper
        .ask(about("query"))
        .equals("{\"ok\":true,\"data\":{\"packages\":[{\"name\":\"" + PACKAGE + "\"}]}}")) {
      return skipped(PACKAGE + " is installed here, and not ours to remove");
    }
    var answer = helper.ask(about("install"));
    helper.ask(about("uninstall"));
    return answer.contains("\"ok\":true") ? Optional.empty() : skipped(answer);
  }

  private static Optional<String> skipped(String why) {
    var note = "NOT MEASURED: memory after an installation: " + why;
    System.err.println(note);
    return Optional.of(note);
  }

  private static String about(String action) {
    return "{\"action\":\"" + action + "\",\"package\":\"" + PACKAGE + "\"}";
  }
}
