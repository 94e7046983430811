package clawster.stories;

import clawster.bench.upstream.ScriptedUpstream;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.EmbeddedPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A node in a process of its own, which may be killed and started again where it was. */
final class RealNode implements AutoCloseable {

  private final Path data;
  private final ScriptedUpstream upstream;
  private final Map<String, String> environment;
  private final int number;
  private final Caller atUpstream;
  private Program program;
  private Caller caller;

  RealNode() {
    this(30);
  }

  /**
   * @param grace seconds an answer goes on without its caller
   */
  RealNode(int grace) {
    this(Map.of("CLAWSTER_DISCONNECT_GRACE_SECONDS", String.valueOf(grace)));
  }

  /**
   * @param environment besides its model and its place
   */
  RealNode(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    try {
      data = DataDirectories.make("clawster-real-");
      upstream = ScriptedUpstream.start(0);
      atUpstream = Caller.of(URI.create(upstream.baseUrl()), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    number = 1;
    start();
  }

  private RealNode(RealNode beside, int number, Map<String, String> environment) {
    this.data = beside.data;
    this.upstream = beside.upstream;
    this.atUpstream = beside.atUpstream;
    this.environment = Map.copyOf(environment);
    this.number = number;
    start();
  }

  /** Another node of the same cluster, to be closed before this one. */
  RealNode beside(int number) {
    return beside(number, environment);
  }

  /**
   * Likewise.
   *
   * @param environment in the place of this one's
   */
  RealNode beside(int number, Map<String, String> environment) {
    return new RealNode(this, number, environment);
  }

  /** The directory that all nodes beside it share. */
  Path data() {
    return data;
  }

  void start() {
    var all = new HashMap<>(environment);
    all.put("OPENAI_API_KEY", "key");
    all.put("OPENAI_BASE_URL", upstream.baseUrl() + "/v1");
    program =
        Program.start(
            all, "up", "--port", "0", "--node", String.valueOf(number), "--data", data.toString());
    caller = Caller.of(program.address(), "");
  }

  void kill() {
    program.close();
  }

  /** Tells it to stop, as whoever looks after processes does. */
  void terminate() {
    program.terminate();
  }

  boolean hasEnded() {
    return program.hasEnded();
  }

  /** How its process ended, once it has. */
  Program.Ended end() {
    return program.end();
  }

  Caller caller() {
    return caller;
  }

  /** What the upstream has counted. */
  JsonNode upstream() {
    return atUpstream.get("/__stats").good();
  }

  /** How many rows the database has of that: a table, and a condition or none. */
  long rows(String from) {
    // A node of this directory for as long as it looks.
    try (var _ = DataDirectory.claim(data, 9)) {
      var address = EmbeddedPostgres.ensure(data, _ -> {});
      try (var database =
              DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
          var rows = database.createStatement().executeQuery("select count(*) from " + from)) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  ProcessHandle postmaster() throws IOException {
    var file = data.resolve("postgres/data/postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst())).orElseThrow();
  }

  /** A session's messages, once nothing of it is going on. */
  JsonNode messages(String key) {
    Await.until(
        key + " is answered",
        Duration.ofSeconds(30),
        () -> {
          var session = caller.session(key);
          return session.status() == 200 && !session.json().at("/isRunning").asBoolean();
        });
    return caller.session(key).good().at("/messages");
  }

  /** What the upstream says when it counts. */
  static String counted(int tokens) {
    return IntStream.range(0, tokens).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
  }

  @Override
  public void close() throws IOException {
    program.close();
    if (number == 1) {
      upstream.close();
      DataDirectories.delete(data);
    }
  }
}
