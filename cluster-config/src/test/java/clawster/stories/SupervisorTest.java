package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import clawster.persistence.postgres.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code clawster up --nodes 3}: a parent that keeps three nodes. */
@Timeout(240)
final class SupervisorTest {

  private static final Duration RESTARTED = Duration.ofSeconds(60);
  private static final Set<String> ALL = Set.of("node-1", "node-2", "node-3");

  private Path data;

  @BeforeEach
  void begin() throws IOException {
    data = DataDirectories.make("clawster-supervisor-");
  }

  @AfterEach
  void end() throws IOException {
    supervisor().ifPresent(SupervisorTest::kill);
    nodes().forEach(SupervisorTest::kill);
    DataDirectories.delete(data);
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private Program.Ended clawster(String... verb) {
    return Program.run(
        IntStream.rangeClosed(0, verb.length + 1)
            .mapToObj(
                i -> i < verb.length ? verb[i] : i == verb.length ? "--data" : data.toString())
            .toArray(String[]::new));
  }

  private Optional<String> read(String file) {
    try {
      var path = data.resolve(file);
      return Files.exists(path)
          ? Optional.of(Files.readString(path).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ProcessHandle> process(String file) {
    return read(file).flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
  }

  private Optional<ProcessHandle> supervisor() {
    return process("supervisor.pid");
  }

  private Optional<ProcessHandle> node(int number) {
    return process(DataDirectory.nodeFile(number, "pid"));
  }

  private List<ProcessHandle> nodes() {
    return IntStream.rangeClosed(1, 3).mapToObj(this::node).flatMap(Optional::stream).toList();
  }

  private Caller caller(int node) {
    return Caller.of(URI.create(read(DataDirectory.nodeFile(node, "address")).orElseThrow()), "");
  }

  /** Those that node 1 sees and that serve. */
  private Set<String> members() {
    var members = caller(1).get("/v1/cluster").good().at("/members");
    return StreamSupport.stream(members.spliterator(), false)
        .filter(member -> member.at("/status").asText().equals("up"))
        .map(member -> member.at("/name").asText())
        .collect(Collectors.toSet());
  }

  private void awaitAnother(int node, ProcessHandle before) {
    Await.until("node " + node + " has ended", RESTARTED, () -> !before.isAlive());
    Await.until(
        "node " + node + " is back",
        RESTARTED,
        () ->
            node(node).filter(now -> now.pid() != before.pid()).isPresent()
                && read(DataDirectory.nodeFile(node, "address")).isPresent()
                && caller(node).get("/ready").status() == 200
                && members().equals(ALL));
  }

  @Test
  void whateverEndsANodeTheParentStartsItAgainUntilAllAreStopped() {
    var up = clawster("up", "--nodes", "3", "--detach", "--port", "0");
    assertEquals(0, up.code(), up.said());
    assertEquals(3, up.said().lines().count(), up.said());
    Await.until("all are members", () -> members().equals(ALL));
    var supervisor = supervisor().orElseThrow();

    var killed = node(2).orElseThrow();
    kill(killed);
    awaitAnother(2, killed);

    var drained = node(3).orElseThrow();
    assertEquals(202, caller(1).post("/v1/cluster/nodes/node-3/drain").status());
    awaitAnother(3, drained);

    var last = nodes();
    assertEquals(3, last.size());
    var stopped = clawster("stop");
    assertEquals(0, stopped.code(), stopped.said());
    assertFalse(supervisor.isAlive());
    last.forEach(node -> assertFalse(node.isAlive()));
    assertEquals(1, clawster("status").code());
  }
}
