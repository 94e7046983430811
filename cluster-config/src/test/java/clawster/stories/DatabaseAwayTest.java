package clawster.stories;

import static clawster.stories.RealNode.counted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers see of a node whose PostgreSQL is killed, or does not answer any more. */
@Timeout(120)
final class DatabaseAwayTest {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(10);
  private static final Duration BOUND = Duration.ofSeconds(20);

  private static RealNode node;
  private static Caller caller;

  @BeforeAll
  static void begin() {
    node = new RealNode();
    caller = node.caller();
  }

  @AfterAll
  static void end() throws IOException {
    node.close();
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
    node.postmaster().destroyForcibly();
    long killed = System.nanoTime();
    backWithin10Seconds("agent:default:meanwhile", killed);
    for (var stream : streams.entrySet()) {
      var told = stream.getValue().join();
      var messages = node.messages(stream.getKey());
      assertEquals(2, messages.size(), messages.toString());
      var kept = messages.at("/1/content").asText();
      assertTrue(kept.startsWith(told), kept + "\nbut told was\n" + told);
      assertEquals(counted(150), kept);
    }
  }

  @Test
  void whilePostgresHangsEveryRequestIsAnsweredInBoundedTime() throws Exception {
    caller.chat("agent:default:hangs", Caller.asking("[[fake tokens=2]]")).good();
    var postmaster = node.postmaster();
    var processes = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    signal("-STOP", processes);
    try {
      var answers = new ArrayList<CompletableFuture<Answer>>();
      answers.add(later(() -> caller.get("/ready")));
      answers.add(later(() -> caller.get("/v1/sessions")));
      answers.add(later(() -> caller.session("agent:default:asleep")));
      for (var key : List.of("agent:default:hangs", "agent:default:new")) {
        answers.add(later(() -> caller.chat(key, Caller.asking("[[fake tokens=2]]"))));
      }
      assertEquals(200, caller.get("/health").status());
      long asked = System.nanoTime();
      for (var answer : answers) {
        assertEquals(503, answer.join().status(), answer.join().text());
      }
      assertTrue(since(asked).compareTo(BOUND) <= 0, "answers after " + since(asked));
    } finally {
      signal("-CONT", processes);
    }
    backWithin10Seconds("agent:default:new", System.nanoTime());
    assertEquals(200, caller.get("/ready").status());
  }

  private static CompletableFuture<Answer> later(Supplier<Answer> asking) {
    var answer = new CompletableFuture<Answer>();
    Thread.startVirtualThread(
        () -> {
          try {
            answer.complete(asking.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
    var command = new ArrayList<>(List.of("kill", signal));
    processes.forEach(process -> command.add(String.valueOf(process.pid())));
    new ProcessBuilder(command).start().waitFor();
  }

  private static void backWithin10Seconds(String key, long away) {
    int status = 0;
    while (status != 200) {
      long asked = System.nanoTime();
      var answer = caller.chat(key, Caller.asking("[[fake tokens=2]]"));
      status = answer.status();
      assertTrue(Set.of(200, 503).contains(status), answer.text());
      assertTrue(since(asked).toSeconds() <= 15, "an answer after " + since(asked));
      assertTrue(status == 200 || !answer.header("Retry-After").isEmpty());
    }
    assertTrue(since(away).compareTo(BACK_WITHIN) <= 0, "back after " + since(away));
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
