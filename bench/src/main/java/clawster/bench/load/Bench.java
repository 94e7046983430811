package clawster.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures rows, or compares two runs; {@code bench/run} starts what is measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a node beside its upstream.")
final class Bench implements Callable<Integer> {

  static final List<Row> ROWS =
      List.of(
          new Turns(),
          Streams.BULK,
          Streams.SLOW,
          Streams.MEDIUM,
          new Abort(),
          new IdleSessions(),
          new IdleStreams(),
          new IdleSockets(),
          new Wake(),
          new Gate(),
          new Start());

  /**
   * Rows that start several nodes of their own, and take long, or change the machine: measured only
   * when named.
   */
  static final List<Row> NAMED_ROWS =
      List.of(
          Failover.KILLED,
          Failover.HUNG_SAFE,
          Failover.HUNG_FAST,
          new Restarts(),
          new AbortElsewhere(),
          new HerdTurns(),
          new HerdIdle(),
          new HelperStart());

  @Parameters(paramLabel = "ROW", description = "rows to measure; none means all")
  private List<String> names = List.of();

  @Option(names = "--node", description = "the node's base URL")
  private Optional<URI> node;

  @Option(
      names = "--upstream",
      description = "the scripted upstream's base URL",
      defaultValue = "http://127.0.0.1:9901")
  private URI upstream;

  @Option(
      names = "--data",
      description = "the node's data directory, to find its database's processes")
  private Optional<Path> data;

  @Option(
      names = "--model",
      description = "model name asked of the node",
      defaultValue = "openclaw")
  private String model;

  @Option(names = "--token", description = "bearer token of the node")
  private Optional<String> token;

  @Option(names = "--launch", description = "command that starts a node, for the start row")
  private Optional<String> launch;

  @Option(
      names = "--passivation",
      description = "seconds after which the node passivates a session, for wake")
  private Optional<Integer> passivation;

  @Option(
      names = "--kills",
      description = "how often a node goes, in the rows where nodes do",
      defaultValue = "50")
  private int kills;

  @Option(names = "--scale", description = "less than 1 makes rows shorter", defaultValue = "1")
  private double scale;

  @Option(
      names = "--scratch",
      description = "directory for the start row's nodes",
      defaultValue = "bench/results")
  private Path scratch;

  @Option(names = "--commit", description = "what is measured", defaultValue = "unknown")
  private String commit;

  @Option(names = "--out", description = "file for the result")
  private Optional<Path> out;

  @Option(names = "--compare", arity = "2", paramLabel = "FILE", description = "two result files")
  private List<Path> compare = List.of();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!compare.isEmpty()) {
      System.out.print(
          Report.read(compare.getFirst()).comparedWith(Report.read(compare.getLast())));
      return 0;
    }
    var all = Stream.concat(ROWS.stream(), NAMED_ROWS.stream()).toList();
    var rows =
        names.isEmpty() ? ROWS : all.stream().filter(row -> names.contains(row.name())).toList();
    if (rows.size() < names.size()) {
      System.err.println(
          "rows are: " + all.stream().map(Row::name).collect(Collectors.joining(" ")));
      return 2;
    }
    Files.createDirectories(scratch);
    var setting = setting();
    var measurements = new ArrayList<Measurement>();
    for (var row : rows) {
      measurements.addAll(measured(row, setting));
    }
    var report =
        new Report(
            commit,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().toString(),
            scale,
            measurements);
    if (out.isPresent()) {
      report.write(out.get());
    }
    System.out.println(report.table());
    return 0;
  }

  private Setting setting() {
    var self = ProcessHandle.current().pid();
    var direct =
        Subject.at(
                new Endpoint(upstream, "fake-1", Optional.empty()), Optional.empty(), Set.of(self))
            .orElseThrow(() -> new IllegalStateException("no upstream listens at " + upstream));
    var through =
        node.flatMap(
            base -> Subject.at(new Endpoint(base, model, token), data, Set.of(self, direct.pid())));
    if (node.isPresent() && through.isEmpty()) {
      System.err.println("nothing listens at " + node.get() + ": only direct figures are measured");
    }
    return new Setting(
        through, direct, launch, scratch, passivation.map(Duration::ofSeconds), kills, scale);
  }

  /** One row that cannot be measured does not cost the others. */
  private static List<Measurement> measured(Row row, Setting setting) throws InterruptedException {
    System.err.println("measuring " + row.name());
    try {
      return row.measure(setting);
    } catch (IOException | RuntimeException e) {
      return List.of(Measurement.missing(row.name(), "", e.toString()));
    }
  }
}
