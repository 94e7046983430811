package clawster.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The result of one run: a file for comparing, a table for reading. */
record Report(
    String commit,
    String at,
    int cores,
    String java,
    double scale,
    List<Measurement> measurements) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String CPU = "CPU ";

  Report {
    measurements = List.copyOf(measurements);
  }

  static Report read(Path file) throws IOException {
    return MAPPER.readValue(file.toFile(), Report.class);
  }

  void write(Path file) throws IOException {
    MAPPER.writeValue(file.toFile(), this);
  }

  String table() {
    return """
    Commit %s, %s, %d cores, Java %s%s

    | row | target | measured | added | direct | CPU node + database = both |
    |---|---|---|---|---|---|
    %s
    """
        .formatted(
            commit,
            at,
            cores,
            java,
            scale == 1 ? "" : ", scale " + scale + ": not comparable with a full run",
            measurements.stream().map(Report::line).collect(Collectors.joining("\n")));
  }

  private static String line(Measurement of) {
    Predicate<String> isCpu = name -> name.startsWith(CPU);
    var measured =
        of.node().isEmpty() ? "not measured: " + of.note() : figures(of.node(), isCpu.negate());
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            of.row(),
            of.target(),
            measured,
            added(of),
            figures(of.direct(), isCpu.negate()),
            cpu(of.node()));
  }

  private static String figures(Map<String, Double> figures, Predicate<String> wanted) {
    return figures.entrySet().stream()
        .filter(figure -> wanted.test(figure.getKey()))
        .map(figure -> figure.getKey() + " " + number(figure.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** What the node adds to each time that was also measured directly. */
  private static String added(Measurement of) {
    return of.node().entrySet().stream()
        .filter(
            figure -> figure.getKey().endsWith(" ms") && of.direct().containsKey(figure.getKey()))
        .map(
            figure ->
                figure.getKey()
                    + " "
                    + number(figure.getValue() - of.direct().get(figure.getKey())))
        .collect(Collectors.joining(", "));
  }

  private static String cpu(Map<String, Double> figures) {
    var numbers =
        figures.entrySet().stream().filter(figure -> figure.getKey().startsWith(CPU)).toList();
    if (numbers.size() != 3) {
      return "";
    }
    return "%s + %s = %s %s"
        .formatted(
            number(numbers.get(0).getValue()),
            number(numbers.get(1).getValue()),
            number(numbers.get(2).getValue()),
            numbers.get(2).getKey().substring(CPU.length()));
  }

  /** Every figure of both runs side by side, with what changed. */
  String comparedWith(Report later) {
    var lines =
        new StringBuilder(
            "| row | figure | "
                + commit
                + " | "
                + later.commit
                + " | change |\n|---|---|---|---|---|\n");
    for (var before : measurements) {
      for (var after : later.measurements) {
        if (before.row().equals(after.row())) {
          compare(before.row(), "", before.node(), after.node(), lines);
          compare(before.row(), "direct ", before.direct(), after.direct(), lines);
        }
      }
    }
    return lines.toString();
  }

  private static void compare(
      String row,
      String prefix,
      Map<String, Double> before,
      Map<String, Double> after,
      StringBuilder lines) {
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (var name : names) {
      var from = before.getOrDefault(name, Double.NaN);
      var to = after.getOrDefault(name, Double.NaN);
      var change = from == 0 ? Double.NaN : (to - from) / from * 100;
      lines.append(
          "| %s | %s%s | %s | %s | %s |\n"
              .formatted(
                  row,
                  prefix,
                  name,
                  number(from),
                  number(to),
                  Double.isNaN(change) ? "" : "%+.0f %%".formatted(change)));
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    var size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value)
        .replace(',', ' ');
  }
}
