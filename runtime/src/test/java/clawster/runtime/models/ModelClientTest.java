package clawster.runtime.models;

import static clawster.runtime.models.ScriptedUpstream.EVENTS;
import static clawster.runtime.models.ScriptedUpstream.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelFailure.Kind;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clients against an upstream that does what a test wants, on a real socket. */
final class ModelClientTest {

  private static final ActorSystem SYSTEM = ActorSystem.create("models");
  private static final String KEY = "sk-secret-0123456789";
  private static final Deadlines PATIENT = Deadlines.DEFAULT;
  private static final RetryRule QUICK =
      new RetryRule(Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofMillis(10), 3);
  private static final String DONE = "data: [DONE]\n\n";
  private static final ModelRequest HELLO =
      new ModelRequest(
          "m", List.of(ModelMessage.text(ModelMessage.Role.USER, "hello")), List.of(), Map.of());

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @Test
  void anAnswerComesInOrderAndEndsOnce() throws Exception {
    try (var upstream =
        new ScriptedUpstream(
            says(EVENTS + text("Hel") + text("lo ✅") + end("stop") + usage(7, 2) + DONE))) {
      assertEquals(
          List.of(
              new ModelEvent.Text("Hel"),
              new ModelEvent.Text("lo ✅"),
              new ModelEvent.Finished(FinishReason.STOP, new Usage(7, 2))),
          answer(openAi(upstream, PATIENT)));
      var request = upstream.requests.getFirst();
      assertTrue(request.head().startsWith("POST /v1/chat/completions HTTP/1.1\r\n"));
      assertTrue(request.head().contains("Authorization: Bearer " + KEY));
      assertFalse(request.head().contains("Upgrade"));
    }
  }

  @Test
  void anAnswerCutIntoSingleBytesIsTheSame() throws Exception {
    ScriptedUpstream.Script dribble =
        line -> {
          line.socket().setTcpNoDelay(true);
          line.send(EVENTS);
          for (var octet :
              ("\uFEFF" + text("größer 🚀") + end("stop") + DONE)
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.UTF_8)) {
            line.send(new byte[] {octet});
          }
          line.close();
        };
    try (var upstream = new ScriptedUpstream(dribble)) {
      assertEquals(
          List.of(
              new ModelEvent.Text("größer 🚀"),
              new ModelEvent.Finished(FinishReason.STOP, Usage.NONE)),
          answer(openAi(upstream, PATIENT)));
    }
  }

  @Test
  void aServerWithoutAKeySeesNone() throws Exception {
    try (var upstream = new ScriptedUpstream(says(EVENTS + text("a") + DONE))) {
      answer(
          new OpenAiClient(
              upstream(PATIENT, QUICK),
              upstream.base("/v1"),
              Optional.empty(),
              new ModelCapabilities(true)));
      assertFalse(upstream.requests.getFirst().head().toLowerCase().contains("authorization"));
    }
  }

  @Test
  void anthropicIsSpokenToInItsOwnWay() throws Exception {
    var stream =
        """
        event: message_start
        data: {"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":1}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}

        event: message_stop
        data: {"type":"message_stop"}

        """;
    try (var upstream = new ScriptedUpstream(says(EVENTS + stream))) {
      var client = new AnthropicClient(upstream(PATIENT, QUICK), upstream.base(""), KEY);
      assertEquals(
          List.of(
              new ModelEvent.Text("Hi"),
              new ModelEvent.Finished(FinishReason.STOP, new Usage(5, 3))),
          answer(client));
      var head = upstream.requests.getFirst().head();
      assertTrue(head.startsWith("POST /v1/messages HTTP/1.1\r\n"));
      assertTrue(head.contains("x-api-key: " + KEY));
      assertTrue(head.contains("anthropic-version: 2023-06-01"));
    }
  }

  @Test
  void aStreamWithoutItsTerminatorIsInterrupted() throws Exception {
    assertFails(Kind.INTERRUPTED, EVENTS + text("a"));
  }

  @Test
  void anAnswerThatEndsBeforeItBeginsIsAskedForAgain() throws Exception {
    try (var upstream = new ScriptedUpstream(says(EVENTS), says(EVENTS + text("a") + DONE))) {
      assertEquals(new ModelEvent.Text("a"), answer(openAi(upstream, PATIENT)).getFirst());
    }
    assertFails(Kind.UNAVAILABLE, EVENTS);
  }

  @Test
  void aFinishReasonIsTerminatorEnough() throws Exception {
    try (var upstream = new ScriptedUpstream(says(EVENTS + text("a") + end("length")))) {
      assertEquals(
          new ModelEvent.Finished(FinishReason.LENGTH, Usage.NONE),
          answer(openAi(upstream, PATIENT)).getLast());
    }
  }

  @Test
  void whatCameBeforeACutIsHandedOn() throws Exception {
    ScriptedUpstream.Script cut =
        line -> {
          line.send(EVENTS + text("a") + text("b"));
          line.reset();
        };
    var chunked =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    ScriptedUpstream.Script tooShort =
        line -> {
          line.send(chunked + "1000\r\n" + text("a") + text("b"));
          line.close();
        };
    try (var upstream = new ScriptedUpstream(tooShort)) {
      var answer = listening(openAi(upstream, PATIENT));
      assertEquals(new ModelEvent.Text("a"), next(answer));
      assertEquals(new ModelEvent.Text("b"), next(answer));
      assertEquals(Kind.INTERRUPTED, failure(() -> next(answer)).kind());
    }
    try (var upstream = new ScriptedUpstream(cut, cut, cut)) {
      var kind = failure(openAi(upstream, PATIENT)).kind();
      assertTrue(
          kind == Kind.INTERRUPTED || kind == Kind.UNAVAILABLE,
          "a reset may overtake what was sent: " + kind);
    }
  }

  @Test
  void nonsenseIsMalformedAfterWhatMadeSense() throws Exception {
    try (var upstream =
        new ScriptedUpstream(says(EVENTS + text("a") + "data: {\"choices\":[{\n\n"))) {
      var answer = listening(openAi(upstream, PATIENT));
      assertEquals(new ModelEvent.Text("a"), next(answer));
      assertEquals(Kind.MALFORMED, failure(() -> next(answer)).kind());
    }
    assertFails(Kind.MALFORMED, EVENTS + "data: hello\n\n");
    assertFails(Kind.MALFORMED, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>");
  }

  @Test
  void anEndlessLineIsRefusedAndTheSocketClosed() throws Exception {
    ScriptedUpstream.Script flood =
        line -> {
          line.send(EVENTS);
          var piece = "x".repeat(64 << 10);
          try {
            for (var sent = 0; sent < 10 << 20; sent += piece.length()) {
              line.send(piece);
            }
          } finally {
            line.awaitHangUp();
          }
        };
    try (var upstream = new ScriptedUpstream(flood)) {
      assertEquals(Kind.MALFORMED, failure(openAi(upstream, PATIENT)).kind());
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void errorsInsideTheStreamAreMapped() throws Exception {
    assertFails(
        Kind.REFUSED, EVENTS + "data: {\"error\":{\"message\":\"too long\",\"code\":400}}\n\n");
    assertFails(
        Kind.UNAUTHORIZED,
        EVENTS + "data: {\"error\":{\"message\":\"no\",\"type\":\"authentication_error\"}}\n\n");
    assertFails(
        Kind.INTERRUPTED, EVENTS + text("a") + "data: {\"error\":{\"message\":\"oops\"}}\n\n");
    assertFails(
        Kind.INTERRUPTED,
        EVENTS
            + text("a")
            + "data: {\"error\":{\"message\":\"oops\",\"type\":\"overloaded_error\"}}\n\n");
  }

  @Test
  void anErrorBeforeTheFirstTokenIsTriedAgain() throws Exception {
    var overloaded =
        EVENTS + "data: {\"error\":{\"message\":\"busy\",\"type\":\"overloaded_error\"}}\n\n";
    try (var upstream = new ScriptedUpstream(says(overloaded), says(EVENTS + text("a") + DONE))) {
      assertEquals(new ModelEvent.Text("a"), answer(openAi(upstream, PATIENT)).getFirst());
    }
  }

  @Test
  void aWholeCompletionIsAnAnswerToo() throws Exception {
    var completion =
        """
        {"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":3,"completion_tokens":1}}\
        """;
    try (var upstream =
        new ScriptedUpstream(says(200, "Content-Type: application/json\r\n", completion))) {
      assertEquals(
          List.of(
              new ModelEvent.Text("Hello"),
              new ModelEvent.Finished(FinishReason.STOP, new Usage(3, 1))),
          answer(openAi(upstream, PATIENT)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED",
    "404, REFUSED",
    "413, REFUSED",
    "422, REFUSED",
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED"
  })
  void aRefusalIsFinalAndTellsWhyButNotTheKey(int status, Kind kind) throws Exception {
    var body = "{\"error\":{\"message\":\"bad key " + KEY + " " + "x".repeat(2_000) + "\"}}";
    try (var upstream = new ScriptedUpstream(says(status, "", body))) {
      var failure = failure(openAi(upstream, PATIENT));
      assertEquals(kind, failure.kind());
      assertTrue(failure.getMessage().contains(status + ": bad key ***"), failure.getMessage());
      assertEquals(500, failure.getMessage().length());
      assertEquals(1, upstream.requests.size());
    }
  }

  @Test
  void anOverloadedUpstreamIsAskedAgainWhenItSaid() throws Exception {
    var busy = says(429, "Retry-After-Ms: 300\r\n", "{}");
    try (var upstream = new ScriptedUpstream(busy, says(EVENTS + text("a") + DONE))) {
      var start = System.nanoTime();
      assertEquals(2, answer(openAi(upstream, PATIENT)).size());
      assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(300));
      assertEquals(2, upstream.requests.size());
    }
  }

  @Test
  void aLongerWaitThanWeHaveIsPassedOnAtOnce() throws Exception {
    try (var upstream = new ScriptedUpstream(says(503, "Retry-After: 60\r\n", "busy"))) {
      var failure = failure(openAi(upstream, PATIENT));
      assertEquals(Kind.OVERLOADED, failure.kind());
      assertEquals(Optional.of(Duration.ofSeconds(60)), failure.retryAfter());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, OVERLOADED",
    "529, OVERLOADED",
    "500, UNAVAILABLE",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE"
  })
  void attemptsAreNotEndless(int status, Kind kind) throws Exception {
    var no = says(status, "", "no");
    try (var upstream = new ScriptedUpstream(no, no, no, no)) {
      assertEquals(kind, failure(openAi(upstream, PATIENT)).kind());
      assertEquals(3, upstream.requests.size());
    }
  }

  @Test
  void aConnectionThatBreaksBeforeTheFirstTokenIsMadeAgain() throws Exception {
    try (var upstream =
        new ScriptedUpstream(ScriptedUpstream.Line::reset, says(EVENTS + text("a") + DONE))) {
      assertEquals(2, answer(openAi(upstream, PATIENT)).size());
    }
  }

  @Test
  void nobodyListeningIsUnavailable() throws Exception {
    URI nobody;
    try (var closed = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort() + "/v1");
    }
    var client =
        new OpenAiClient(
            upstream(PATIENT, QUICK), nobody, Optional.of(KEY), new ModelCapabilities(false));
    var failure = failure(client);
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertEquals("cannot connect to 127.0.0.1:" + nobody.getPort(), failure.getMessage());
  }

  @Test
  void aHostThereIsNotIsNamed() {
    var client =
        new OpenAiClient(
            upstream(PATIENT, QUICK),
            URI.create("https://nobody.invalid/v1"),
            Optional.of(KEY),
            new ModelCapabilities(false));
    assertEquals("cannot connect to nobody.invalid:443", failure(client).getMessage());
  }

  @Test
  void aModelThatSaysNothingTimesOut() throws Exception {
    var deadlines =
        new Deadlines(Duration.ofSeconds(2), Duration.ofSeconds(9), Duration.ofSeconds(9));
    try (var upstream = new ScriptedUpstream(ScriptedUpstream.Line::awaitHangUp)) {
      assertEquals(Kind.TIMEOUT, failure(openAi(upstream, deadlines)).kind());
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
    try (var upstream = new ScriptedUpstream(drip(EVENTS, ": still here\n\n"))) {
      assertEquals(Kind.TIMEOUT, failure(openAi(upstream, deadlines)).kind());
    }
  }

  @ParameterizedTest
  @CsvSource({"': still here\n\n'", "'x'", "'data: {}\n\n'", "'data: {\"choices\":[]}\n\n'"})
  void aDripOfNothingDoesNotCountAsAnAnswer(String drop) throws Exception {
    var deadlines =
        new Deadlines(Duration.ofSeconds(9), Duration.ofMillis(200), Duration.ofSeconds(9));
    try (var upstream = new ScriptedUpstream(drip(EVENTS + text("a"), drop))) {
      var failure = failure(openAi(upstream, deadlines));
      assertEquals(Kind.INTERRUPTED, failure.kind());
      assertTrue(failure.getMessage().contains("silent"), failure.getMessage());
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anEndlessAnswerTimesOut() throws Exception {
    var deadlines =
        new Deadlines(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(2));
    try (var upstream = new ScriptedUpstream(drip(EVENTS, text("a")))) {
      assertEquals(Kind.TIMEOUT, failure(openAi(upstream, deadlines)).kind());
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDeadlineThatPassesAfterTheEndTakesNothingBack() throws Exception {
    var deadlines =
        new Deadlines(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(2));
    try (var upstream =
        new ScriptedUpstream(says(EVENTS + text("a") + text("b") + end("stop") + DONE))) {
      var answer = listening(openAi(upstream, deadlines));
      assertEquals(new ModelEvent.Text("a"), next(answer));
      pass(Duration.ofMillis(2_500));
      assertEquals(new ModelEvent.Text("b"), next(answer));
      assertInstanceOf(ModelEvent.Finished.class, next(answer));
    }
  }

  @Test
  void anAnswerIsNotEndless() throws Exception {
    var piece = text("x".repeat(1_000_000));
    ScriptedUpstream.Script flood =
        line -> {
          line.send(EVENTS);
          for (var sent = 0; sent < 40; sent++) {
            line.send(piece);
          }
          line.close();
        };
    try (var upstream = new ScriptedUpstream(flood)) {
      var failure = failure(openAi(upstream, PATIENT));
      assertEquals(Kind.MALFORMED, failure.kind());
      assertTrue(failure.getMessage().contains("characters"), failure.getMessage());
    }
  }

  @Test
  void norAreItsCalls() throws Exception {
    var calls = new StringBuilder(EVENTS);
    for (var index = 0; index < 129; index++) {
      calls.append(
          "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":%d,\"id\":\"c%d\"}]}}]}\n\n"
              .formatted(index, index));
    }
    assertFails(Kind.MALFORMED, calls + end("tool_calls") + DONE);
  }

  @Test
  void aSlowConsumerIsNotTheUpstreamsFault() throws Exception {
    var deadlines =
        new Deadlines(Duration.ofSeconds(9), Duration.ofMillis(100), Duration.ofSeconds(9));
    try (var upstream =
        new ScriptedUpstream(says(EVENTS + text("a") + text("b") + end("stop") + DONE))) {
      var answer = listening(openAi(upstream, deadlines));
      assertEquals(new ModelEvent.Text("a"), next(answer));
      pass(Duration.ofMillis(400));
      assertEquals(new ModelEvent.Text("b"), next(answer));
      assertInstanceOf(ModelEvent.Finished.class, next(answer));
    }
  }

  @Test
  void whatNobodyWantsStaysInTheSocket() throws Exception {
    var written = new AtomicLong();
    ScriptedUpstream.Script flood =
        line -> {
          line.send(EVENTS);
          var piece = text("x".repeat(1_000)).repeat(60);
          while (true) {
            line.send(piece);
            written.addAndGet(piece.length());
          }
        };
    try (var upstream = new ScriptedUpstream(flood)) {
      var answer = listening(openAi(upstream, PATIENT));
      next(answer);
      var held = thatStays(written);
      assertTrue(held < 16 << 20, "socket buffers hold " + held);
      answer.cancel();
    }
  }

  @Test
  void stoppingClosesTheSocketAtOnce() throws Exception {
    ScriptedUpstream.Script silent =
        line -> {
          line.send(EVENTS + text("a"));
          line.awaitHangUp();
        };
    try (var upstream = new ScriptedUpstream(silent)) {
      var answer = listening(openAi(upstream, PATIENT));
      assertEquals(new ModelEvent.Text("a"), next(answer));
      answer.cancel();
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void stoppingBeforeHeadersClosesTheSocketAtOnce() throws Exception {
    try (var upstream = new ScriptedUpstream(ScriptedUpstream.Line::awaitHangUp)) {
      var stop =
          openAi(upstream, PATIENT).stream(HELLO)
              .viaMat(KillSwitches.single(), Keep.right())
              .to(Sink.ignore())
              .run(SYSTEM);
      upstream.asked.get(5, TimeUnit.SECONDS);
      stop.shutdown();
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void finishedAnswersLeaveTheirConnectionsForTheNext() throws Exception {
    var body = text("a") + end("stop") + DONE;
    var answer = says(200, "Content-Type: text/event-stream\r\n", body);
    try (var upstream =
        new ScriptedUpstream(
            Collections.nCopies(20, answer).toArray(ScriptedUpstream.Script[]::new))) {
      var client = openAi(upstream, PATIENT);
      for (var time = 0; time < 20; time++) {
        assertEquals(2, answer(client).size());
      }
      // A connection is back a moment after its answer was read, so the next one may miss it.
      assertTrue(upstream.connections.get() < 10, () -> upstream.connections + " of 20");
    }
  }

  @Test
  void anUpstreamThatDoesNotHangUpAfterItsTerminatorIsLeft() throws Exception {
    ScriptedUpstream.Script lingers =
        line -> {
          line.send(EVENTS + text("a") + DONE);
          line.awaitHangUp();
        };
    try (var upstream = new ScriptedUpstream(lingers)) {
      assertEquals(2, answer(openAi(upstream, PATIENT)).size());
      upstream.hungUp.get(10, TimeUnit.SECONDS);
    }
  }

  private static ScriptedUpstream.Script drip(String start, String drop) {
    return line -> {
      line.send(start);
      try {
        while (line.socket().getInputStream().available() == 0) {
          line.send(drop);
          pass(Duration.ofMillis(20));
        }
      } finally {
        line.awaitHangUp();
      }
    };
  }

  private static void assertFails(Kind kind, String response) throws Exception {
    var script = says(response);
    try (var upstream = new ScriptedUpstream(script, script, script)) {
      assertEquals(kind, failure(openAi(upstream, PATIENT)).kind());
    }
  }

  private static ModelClient openAi(ScriptedUpstream upstream, Deadlines deadlines) {
    return new OpenAiClient(
        upstream(deadlines, QUICK),
        upstream.base("/v1"),
        Optional.of(KEY),
        new ModelCapabilities(false));
  }

  private static Upstream upstream(Deadlines deadlines, RetryRule retries) {
    return new Upstream(deadlines, retries, new Random(1));
  }

  private static List<ModelEvent> answer(ModelClient client) throws Exception {
    return client.stream(HELLO)
        .runWith(Sink.seq(), SYSTEM)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private static ModelFailure failure(ModelClient client) {
    return failure(() -> answer(client));
  }

  private static ModelFailure failure(Executable listening) {
    var thrown = assertThrows(ExecutionException.class, listening);
    return assertInstanceOf(ModelFailure.class, thrown.getCause());
  }

  private static SinkQueueWithCancel<ModelEvent> listening(ModelClient client) {
    return client.stream(HELLO)
        .runWith(Sink.<ModelEvent>queue().withAttributes(Attributes.inputBuffer(1, 1)), SYSTEM);
  }

  private static ModelEvent next(SinkQueueWithCancel<ModelEvent> answer) throws Exception {
    return answer.pull().toCompletableFuture().get(5, TimeUnit.SECONDS).orElseThrow();
  }

  /** What it is once it has been the same for a second. */
  private static long thatStays(AtomicLong number) {
    var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    var last = number.get();
    var same = 0;
    while (same < 10) {
      assertTrue(System.nanoTime() - end < 0, "it grows for ever");
      pass(Duration.ofMillis(100));
      var now = number.get();
      same = now == last ? same + 1 : 0;
      last = now;
    }
    return last;
  }

  /** For tests that show what does not happen meanwhile. */
  private static void pass(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  private static String text(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  private static String end(String reason) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
        + reason
        + "\"}]}\n\n";
  }

  private static String usage(int prompt, int completion) {
    return "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":"
        + prompt
        + ",\"completion_tokens\":"
        + completion
        + "}}\n\n";
  }
}
