package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Connections as a socket sees them, with times that are short. */
@Timeout(30)
final class ConnectionTest {

  private static final Duration IDLE = Duration.ofMillis(400);

  /** Enough for a busy machine to serve what has been sent. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration LONGER_THAN_SOON = Duration.ofSeconds(4);

  /** Longer than any test. */
  private static final Duration LONG = Duration.ofSeconds(75);

  /** Octets of what nobody reads, on both sides of a connection. */
  private static final int MORE_THAN_THE_KERNEL_KEEPS = 64_000_000;

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString(
              """
              pekko.http.server.idle-timeout = infinite
              pekko.http.server.remote-address-attribute = on
              pekko.http.server.parsing.error-handler = "clawster.http.kernel.MalformedRequests"
              """));

  private static final Departure DEPARTURE = new Departure();

  private static ServerBinding binding;

  private static final Endpoint.Handler SAID =
      call -> CompletableFuture.completedStage(HttpResponse.create().withEntity(call.body()));

  private static final Endpoint.Handler WHO =
      call ->
          CompletableFuture.completedStage(HttpResponse.create().withEntity(call.client().key()));

  /** Answers whole, but not soon. */
  private static final Endpoint.Handler SLOW =
      _ -> later(LONGER_THAN_SOON, () -> HttpResponse.create().withEntity("at last"));

  /** Begins at once and says nothing for long. */
  private static final Endpoint.Handler SILENT =
      _ ->
          CompletableFuture.completedStage(
              Sse.response(
                  Source.single(ByteString.fromString("one"))
                      .concat(
                          Source.single(ByteString.fromString("two"))
                              .initialDelay(LONGER_THAN_SOON))));

  private static final Endpoint.Handler ENDLESS =
      _ ->
          CompletableFuture.completedStage(
              Sse.response(Source.repeat(ByteString.fromString("x".repeat(100_000)))));

  private static CompletionStage<HttpResponse> later(
      Duration wait, java.util.function.Supplier<HttpResponse> what) {
    return Patterns.after(wait, KIT.system(), () -> CompletableFuture.completedStage(what.get()));
  }

  private static Endpoint endpoint(
      HttpMethod method, String path, long limit, Endpoint.Handler handler) {
    return Some.endpoint(method, path, Access.PUBLIC, limit, handler);
  }

  @BeforeAll
  static void bind() {
    binding = serving(LONG, IDLE, IDLE);
  }

  private static ServerBinding serving(Duration first, Duration idle, Duration bodyPatience) {
    return serving(new Limits(first, idle, bodyPatience, 1_000), Some.manyConnections());
  }

  /** Gives up nobody who asks nothing for a while. */
  private static ServerBinding serving(OpenConnections connections) {
    return serving(new Limits(LONG, LONG, LONG, 1_000), connections);
  }

  private static ServerBinding serving(Limits limits, OpenConnections connections) {
    return Http.get(KIT.system())
        .newServerAt("127.0.0.1", 0)
        .bindFlow(router(limits, connections).connection())
        .toCompletableFuture()
        .join();
  }

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static Socket open() throws IOException {
    return open(binding);
  }

  private static Socket open(ServerBinding binding) throws IOException {
    return patient(new Socket("127.0.0.1", binding.localAddress().getPort()));
  }

  private static void send(Socket socket, String lines) throws IOException {
    socket
        .getOutputStream()
        .write(lines.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\nHost: localhost\n\n";
  }

  /** All that comes until the server closes, or resets a connection that had more to say. */
  private static String toTheEnd(Socket socket) throws IOException {
    var read = new ByteArrayOutputStream();
    try {
      var some = new byte[8_192];
      var in = socket.getInputStream();
      for (int octets = in.read(some); octets >= 0; octets = in.read(some)) {
        read.write(some, 0, octets);
        assertTrue(read.size() < MORE_THAN_THE_KERNEL_KEEPS, "it goes on");
      }
    } catch (SocketException e) {
      // what came before counts
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  private static String until(InputStream in, String end) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int octet = in.read();
      assertTrue(octet >= 0, "closed after " + read);
      read.append((char) octet);
    }
    return read.toString();
  }

  private static void areBeingMade(int answers) {
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              assertEquals(answers, DEPARTURE.open());
              return null;
            });
  }

  @ParameterizedTest
  @CsvSource({"''", "GET", "'GET /said HTTP/1.1\nHost: localh'"})
  void whoAsksNothingOrNotToTheEndIsLeft(String beginning) throws IOException {
    var binding = serving(IDLE, LONG, LONG);
    long start = System.nanoTime();
    try (var socket = open(binding)) {
      send(socket, beginning);
      toTheEnd(socket);
      assertTrue(System.nanoTime() - start >= IDLE.toNanos() * 3 / 4, "it had time");
    }
  }

  @Test
  void whoIsDoneAskingIsLeft() throws IOException {
    try (var socket = open(serving(SOON, IDLE, LONG))) {
      send(socket, get("/said"));
      assertTrue(toTheEnd(socket).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void whoAsksAgainInTimeKeepsTheConnection() throws IOException {
    try (var socket = open(serving(SOON, SOON, LONG))) {
      for (int i = 0; i < 2; i++) {
        send(socket, get("/slow"));
        until(socket.getInputStream(), "at last");
      }
    }
  }

  @Test
  void anAnswerMayBeSilentForLong() throws IOException {
    try (var socket = open(serving(SOON, SOON, LONG))) {
      send(socket, get("/silent"));
      assertTrue(until(socket.getInputStream(), "two").contains("one"));
    }
  }

  @Test
  void anAnswerThatNobodyTakesEnds() throws IOException {
    try (var socket = open()) {
      socket.setReceiveBufferSize(4_096);
      send(socket, get("/endless"));
      until(socket.getInputStream(), "x");
      areBeingMade(0);
      toTheEnd(socket);
    }
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForLong() throws IOException {
    for (var method : List.of("POST", "GET")) {
      try (var socket = open()) {
        send(
            socket,
            method
                + " /said HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
                + "Content-Length: 10\n\n12345");
        var answer = toTheEnd(socket);
        assertTrue(answer.startsWith("HTTP/1.1 " + (method.equals("POST") ? 408 : 200)), answer);
      }
    }
  }

  @Test
  void whoLeavesWhileSendingABodyIsNoNews() throws IOException {
    var binding = serving(LONG, IDLE, LONG);
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(said);
    try {
      for (var body :
          List.of("Content-Length: 500\n\n12345", "Transfer-Encoding: chunked\n\n5\n12")) {
        try (var socket = open(binding)) {
          send(
              socket,
              "POST /said HTTP/1.1\nHost: localhost\nContent-Type: application/json\n" + body);
          areBeingMade(1);
          socket.setSoLinger(true, 0);
        }
        areBeingMade(0);
      }
      // Takes as long as an idle connection lives.
      whoIsDoneAskingIsLeft();
    } finally {
      root.detachAppender(said);
    }
    assertEquals(
        List.of(),
        said.list.stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
            .map(ILoggingEvent::getFormattedMessage)
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /%zz HTTP/1.1                          | 400
          BREW /said HTTP/1.1                        | 501
          GET /said HTTP/1.1\\nHost: a\\nHost: b     | 400
          """)
  void whatIsMalformedIsToldSoInJson(String lines, int status) throws IOException {
    try (var socket = open()) {
      send(socket, lines.replace("\\n", "\n") + "\n\n");
      assertTold(status, toTheEnd(socket));
    }
  }

  @Test
  void anAddressThatIsTooLongIsToldSoInJson() throws IOException {
    try (var socket = open()) {
      send(socket, get("/" + "a".repeat(10_000)));
      assertTold(414, toTheEnd(socket));
    }
  }

  private static void assertTold(int status, String answer) throws IOException {
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    assertTrue(answer.contains("x-request-id: "), answer);
    assertTrue(answer.contains("Content-Type: application/json"), answer);
    var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertTrue(new ObjectMapper().readTree(body).at("/error").isTextual(), body);
  }

  @Test
  void aBodyInBrokenChunksIsABadRequest() throws IOException {
    try (var socket = open()) {
      send(
          socket,
          "POST /said HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
              + "Transfer-Encoding: chunked\n\nzz\n{}\n0\n\n");
      var answer = toTheEnd(socket);
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.contains("request.body"), answer);
    }
  }

  @Test
  void whoIsThereTheConnectionSays() throws IOException {
    try (var socket = open()) {
      send(
          socket,
          "GET /who HTTP/1.1\nHost: localhost\nConnection: close\n"
              + "X-Forwarded-For: 203.0.113.9\nRemote-Address: 203.0.113.9\n\n");
      assertTrue(toTheEnd(socket).endsWith("loopback"));
    }
  }

  /** Patient with those who have asked before, and not with those who never did. */
  @Test
  void whoTakesLongForItsFirstRequestIsLeftSooner() throws IOException {
    var binding = serving(SOON, LONG, LONG);
    try (var silent = open(binding);
        var dripping = open(binding);
        var asking = open(binding)) {
      send(asking, get("/said"));
      var first = until(asking.getInputStream(), "\r\n\r\n");
      assertTrue(first.startsWith("HTTP/1.1 200"), first);
      send(dripping, "GET /said HTTP/1.1\nHost: lo");
      toTheEnd(dripping);
      toTheEnd(silent);
      send(asking, get("/said"));
      assertTrue(until(asking.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void anAddressThatHasTooManyConnectionsIsGivenNoFurtherOneUntilItHasFewer() throws IOException {
    var connections = new OpenConnections(() -> 2, _ -> false);
    var binding = serving(connections);
    try (var one = open(binding)) {
      send(one, get("/said"));
      until(one.getInputStream(), "\r\n\r\n");
      try (var silent = open(binding);
          var late = open(binding)) {
        // Which of two that have not asked comes in first, the machine decides.
        var left = leftOf(silent, late);
        send(left, get("/said"));
        assertTrue(until(left.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 200"));
      }
      KIT.createTestProbe()
          .awaitAssert(
              Duration.ofSeconds(10),
              () -> {
                try (var next = open(binding)) {
                  send(next, get("/said"));
                  assertTrue(until(next.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 200"));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
                return null;
              });
    }
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              assertEquals(0, connections.addresses());
              return null;
            });
  }

  /** The one that is still open when the other is closed. */
  private static Socket leftOf(Socket some, Socket other) throws IOException {
    some.setSoTimeout(50);
    other.setSoTimeout(50);
    for (int tries = 0; tries < 100; tries++) {
      if (isClosed(some)) {
        return patient(other);
      }
      if (isClosed(other)) {
        return patient(some);
      }
    }
    throw new AssertionError("both are open");
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private static Socket patient(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String upgrade(String path, String connection) {
    return "GET "
        + path
        + " HTTP/1.1\nHost: localhost\nConnection: "
        + connection
        + "\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n";
  }

  /** Also when it is a connection of HTTP's no more. */
  @Test
  void aSocketIsOneOfItsAddressesConnectionsUntilItEnds() throws IOException {
    var connections = new OpenConnections(() -> 1, _ -> false);
    var binding = serving(connections);
    try (var socket = open(binding)) {
      send(socket, upgrade("/socket", "Upgrade"));
      assertTrue(until(socket.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 101"));
      for (int tries = 0; tries < 5; tries++) {
        try (var second = open(binding)) {
          assertEquals("", toTheEnd(second));
        }
      }
      assertEquals(1, connections.addresses());
    }
    nobodyIsConnected(connections);
  }

  private static void nobodyIsConnected(OpenConnections connections) {
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              assertEquals(0, connections.addresses());
              return null;
            });
  }

  @Test
  void aSocketThatIsNotReadIsEnded() throws IOException {
    var connections = new OpenConnections(() -> 0, _ -> false);
    var binding = serving(connections);
    try (var socket = open(binding)) {
      send(socket, upgrade("/talkative", "Upgrade"));
      // Before it is there, nobody is connected, either.
      assertTrue(until(socket.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 101"));
      nobodyIsConnected(connections);
      toTheEnd(socket);
    }
  }

  @Test
  void aSocketOfWhichNothingIsHeardIsEnded() throws IOException {
    var connections = new OpenConnections(() -> 0, _ -> false);
    var binding = serving(connections);
    try (var socket = open(binding)) {
      send(socket, upgrade("/socket", "Upgrade"));
      assertTrue(toTheEnd(socket).startsWith("HTTP/1.1 101"));
    }
    nobodyIsConnected(connections);
  }

  /** Whoever asks for both is answered, and not switched. */
  @Test
  void whatNeverBecomesASocketDoesNotCount() throws IOException {
    var connections = new OpenConnections(() -> 0, _ -> false);
    var binding = serving(connections);
    try (var socket = open(binding)) {
      send(socket, upgrade("/socket", "Upgrade, close"));
      toTheEnd(socket);
    }
    try (var socket = open(binding)) {
      send(socket, upgrade("/socket", "Upgrade") + upgrade("/socket", "Upgrade"));
      until(socket.getInputStream(), "\r\n\r\n");
    }
    nobodyIsConnected(connections);
  }

  /** Nobody would count it. */
  @Test
  void whatBecomesASocketTooLateIsEnded() throws IOException {
    var connections = new OpenConnections(() -> 0, _ -> false);
    var binding = serving(connections);
    try (var socket = open(binding)) {
      send(socket, upgrade("/late", "Upgrade"));
      toTheEnd(socket);
      nobodyIsConnected(connections);
    }
  }

  /** Says what is said to it, or goes on saying something. */
  private static Endpoint.Handler socket(Flow<Message, Message, NotUsed> flow, Duration stuck) {
    var silence = Duration.ofSeconds(4);
    return call ->
        CompletableFuture.completedStage(
            upgraded(call, flow, stuck, silence, Duration.ofSeconds(10)));
  }

  private static HttpResponse upgraded(
      Call call,
      Flow<Message, Message, NotUsed> flow,
      Duration stuck,
      Duration silence,
      Duration toBegin) {
    return Upgrade.of(
        call.request()
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .orElseThrow()
            .handleMessagesWith(flow),
        stuck,
        silence,
        toBegin,
        KIT.system());
  }

  /**
   * Is switched to when it is given up; were it not, it would be silent for longer than we wait.
   */
  private static final Endpoint.Handler LATE =
      call -> {
        var upgraded = upgraded(call, Flow.create(), IDLE, LONG, IDLE);
        return later(IDLE.multipliedBy(4), () -> upgraded);
      };

  private static final Flow<Message, Message, NotUsed> TALKATIVE =
      Flow.fromSinkAndSourceCoupled(
          Sink.ignore(), Source.repeat(TextMessage.create("x".repeat(100_000))));

  private static Router router(Limits limits, OpenConnections connections) {
    return new Router(
        KIT.system(),
        () -> new Guard(Set.of(), Set.of()),
        () -> TrustedProxies.NONE,
        Some.admission(""),
        List.of(
            endpoint(HttpMethods.GET, "/said", 0, SAID),
            endpoint(HttpMethods.POST, "/said", 1_000, SAID),
            endpoint(HttpMethods.GET, "/who", 0, WHO),
            endpoint(HttpMethods.GET, "/slow", 0, SLOW),
            endpoint(HttpMethods.GET, "/silent", 0, SILENT),
            endpoint(HttpMethods.GET, "/endless", 0, ENDLESS),
            endpoint(HttpMethods.GET, "/socket", 0, socket(Flow.create(), Duration.ofSeconds(5))),
            endpoint(HttpMethods.GET, "/talkative", 0, socket(TALKATIVE, IDLE)),
            endpoint(HttpMethods.GET, "/late", 0, LATE)),
        DEPARTURE,
        Some.refused(),
        limits,
        connections);
  }
}
