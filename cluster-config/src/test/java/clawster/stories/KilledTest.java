package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.bench.upstream.ScriptedUpstream;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code kill -9} at the worst moment: of the node, and of PostgreSQL below it. */
@Timeout(120)
final class KilledTest {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

  private Path data;
  private ScriptedUpstream upstream;
  private Program node;
  private Caller caller;

  @BeforeEach
  void begin() throws IOException {
    data = Files.createTempDirectory("clawster-killed-");
    upstream = ScriptedUpstream.start(0);
    up();
  }

  @AfterEach
  void end() throws IOException {
    node.close();
    upstream.close();
    Place.delete(data);
  }

  private void up() {
    node =
        Program.start(
            Map.of("OPENAI_API_KEY", "key", "OPENAI_BASE_URL", upstream.baseUrl() + "/v1"),
            "up",
            "--port",
            "0",
            "--data",
            data.toString());
    caller = Caller.of(node.address(), "");
  }

  /** What the upstream says when it counts. */
  private static String counted(int tokens) {
    return IntStream.range(0, tokens).mapToObj(i -> "t" + i).collect(Collectors.joining(" "));
  }

  private JsonNode answered(String key) {
    Await.until(
        key + " is answered",
        Duration.ofSeconds(30),
        () -> {
          var session = caller.session(key);
          return session.status() == 200 && !session.json().at("/isRunning").asBoolean();
        });
    return caller.session(key).good().at("/messages");
  }

  @Test
  void aKilledNodeGoesOnWhereItWasAndDoublesNothing() {
    var key = "agent:default:killed";
    caller.chat(key, Caller.asking("MARK:before [[fake tokens=3]]")).good();
    var before = caller.session(key).good().at("/messages");
    var streamed = new StringBuilder();
    String run;
    try (var stream = caller.stream(key, Caller.asking("[[fake tokens=120 delay=20]]"))) {
      run = stream.header("x-clawster-run");
      stream
          .until(event -> event.delta().contains("t30"))
          .forEach(event -> streamed.append(event.delta()));
      node.kill();
    }
    up();
    var after = answered(key);
    assertEquals(4, after.size());
    assertEquals(before.get(0), after.get(0));
    assertEquals(before.get(1), after.get(1));
    assertEquals(counted(120), after.at("/3/content").asText());
    assertEquals("recovered", after.at("/3/mark").asText());
    assertTrue(counted(120).startsWith(streamed.toString()), streamed.toString());
    try (var events = caller.follow(key, "?after=" + run + "-0")) {
      var told = new StringBuilder();
      events
          .until(
              event -> {
                told.append(event.json().at("/text").asText(""));
                return event.name().equals("run.done");
              })
          .forEach(event -> assertTrue(event.id().startsWith(run), event.id()));
      assertEquals(counted(120), told.toString());
    }
    assertTrue(
        caller
            .chat(key, Caller.asking("MARK:after ECHO_HISTORY"))
            .text()
            .contains("marks=before,after"));
  }

  @Test
  void whenPostgresIsKilledNothingAcknowledgedIsLostAndServiceComesBack() throws Exception {
    var streams = new TreeMap<String, CompletableFuture<String>>();
    for (int i = 0; i < 3; i++) {
      var key = "agent:default:database " + i;
      var stream = caller.stream(key, Caller.asking("[[fake tokens=150 delay=10]]"));
      assertEquals(200, stream.status());
      streams.put(key, CompletableFuture.supplyAsync(() -> text(stream)));
    }
    var pid = Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).getFirst();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    long killed = System.nanoTime();
    int status = 0;
    while (status != 200) {
      long asked = System.nanoTime();
      var answer = caller.chat("agent:default:meanwhile", Caller.asking("[[fake tokens=2]]"));
      status = answer.status();
      assertTrue(Set.of(200, 503).contains(status), answer.text());
      assertTrue(since(asked).toSeconds() <= 15, "an answer after " + since(asked));
      assertTrue(status == 200 || !answer.header("Retry-After").isEmpty());
    }
    assertTrue(since(killed).compareTo(BACK_WITHIN) <= 0, "back after " + since(killed));
    for (var stream : streams.entrySet()) {
      var told = stream.getValue().join();
      var messages = answered(stream.getKey());
      assertEquals(2, messages.size(), messages.toString());
      var kept = messages.at("/1/content").asText();
      assertTrue(kept.startsWith(told), kept + "\nbut told was\n" + told);
      assertEquals(counted(150), kept);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String text(Events stream) {
    var text = new StringBuilder();
    try (stream) {
      for (var event = stream.next(); event.isPresent(); event = stream.next()) {
        text.append(event.get().delta());
      }
    } catch (UncheckedIOException e) {
      return text.toString();
    }
    return text.toString();
  }
}
