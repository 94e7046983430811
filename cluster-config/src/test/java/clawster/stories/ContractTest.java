package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.contract.Fit;
import clawster.contract.Samples;
import clawster.http.contract.Content;
import clawster.http.contract.Parameter;
import clawster.http.contract.Response;
import clawster.http.kernel.Operation;
import clawster.http.kernel.Refusals;
import clawster.http.openapi.OpenApi;
import clawster.node.Served;
import clawster.runtime.packages.PackageSpec;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Operations do what they declare, whatever they are sent: no answer is a 500 or one that is not
 * declared, and each looks as is said of it. {@code -Dseed=…} makes the same requests again.
 */
@ExtendWith(OnePlace.class)
@Timeout(120)
final class ContractTest {

  private static final long SEED = Long.getLong("seed", System.nanoTime());

  /** Since the beginning; requests by chance, of which there is no end, are made until then. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);

  /**
   * A node that drains ends, so it is only ever tried with names of nodes there are not; no device
   * waits to be let in; and no machine gets or loses a package by being tested on.
   */
  private static final Set<String> NEVER_DONE =
      Set.of(
          "GET /ws",
          "POST /v1/cluster/nodes/{id}/drain",
          "POST /v1/packages/install",
          "POST /v1/packages/uninstall",
          "POST /v1/pairing/approve",
          "POST /v1/pairing/deny",
          "POST /v1/pairing/revoke");

  private static final String SESSION = "agent:default:contract";
  private static final int ENOUGH = 20;
  private static final int OF_STRANGE = 5;

  private static final String AS_BEFORE =
      """
      {"patch":{"openai":{"enabled":null},"goclaw":{"enabled":null},
        "gateway":{"rate_limit_rpm":null,"answers_at_once":null,"lock_loopback":null,
          "quota":{"default":{"hour":null,"day":null,"week":null}}}}}
      """;

  /** No UTF-8 once it is sent. */
  private static final String BROKEN = "{\"label\":\"\u00ff\"}";

  private final Caller caller;
  private final Set<String> done = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private final Samples samples = new Samples(new Random(SEED));
  private String key = "";

  ContractTest(Place place) {
    this.caller = place.caller();
  }

  @Test
  void operationsDoWhatTheyDeclare() throws Exception {
    System.out.println("ContractTest: -Dseed=" + SEED);
    long end = System.nanoTime() + LONG_ENOUGH.toNanos();
    var attempts = new Attempts(samples, this::known, key("operator.pairing").at("/key").asText());
    var operations = Served.operations();
    int tried = 0;
    for (var operation : operations) {
      thereIsWhatIsKnown();
      for (var attempt : attempts.of(operation).toList()) {
        attempt(attempt);
        tried++;
      }
    }
    do {
      for (var operation : operations) {
        attempt(attempts.any(operation));
        tried++;
      }
    } while (System.nanoTime() < end);
    System.out.println("ContractTest: " + tried + " requests");
    var neverDone =
        operations.stream()
            .map(Operation::name)
            .filter(name -> !done.contains(name))
            .collect(Collectors.toSet());
    assertEquals(List.of(), wrong, "-Dseed=" + SEED);
    assertEquals(NEVER_DONE, neverDone);
  }

  @Test
  void theNodeShowsTheDocumentThatIsTested() throws Exception {
    var shown = caller.get("/v1/openapi.json").good();
    var tested = new ObjectMapper().readTree(OpenApi.document("", Served.operations()).toString());
    assertEquals(tested.get("paths"), shown.get("paths"));
    assertEquals(tested.get("components"), shown.get("components"));
  }

  private void thereIsWhatIsKnown() {
    caller.chat(SESSION, Caller.asking("[[fake tokens=1]]")).good();
    key = key("operator.read").at("/id").asText();
  }

  private JsonNode key(String scope) {
    var body = "{\"name\":\"contract\",\"scopes\":[\"%s\"]}".formatted(scope);
    var answer = caller.call("POST", "/v1/api-keys", body);
    assertEquals(201, answer.status(), answer.text());
    return answer.json();
  }

  private String known(Operation operation, Parameter variable) {
    return switch (operation.path()) {
      case "/v1/models/{id...}" -> "default";
      case "/v1/api-keys/{id}", "/v1/api-keys/{id}/revoke" -> key;
      case "/v1/cluster/nodes/{id}/drain" -> "nobody";
      case "/web/{file...}" -> "app.js";
      case "/webjars/{name}/{file...}" ->
          variable.name().equals("name") ? "preact" : "package.json";
      case String path when path.startsWith("/v1/sessions/{key}") -> SESSION;
      case String path -> throw new AssertionError("say what is known of " + path);
    };
  }

  /** Whose paths no client would make. */
  private static final List<String> STRANGE =
      List.of(
          "%zz",
          "%",
          "%2",
          "%00",
          "%ff%fe",
          "%c0%af",
          "%e2%82",
          "..%2f..%2f",
          "%2e%2e",
          ".",
          "..",
          "//",
          ";a=b",
          "a?%",
          "a?limit=%zz",
          "a?limit=%ff",
          "a?=&&",
          "a?a[]=1",
          "a?after=%00",
          "a#b",
          "ä",
          "%F0%9F%A6%80",
          "a?" + "x".repeat(3_000),
          "x".repeat(3_000),
          "%2500",
          "a+b");

  @Test
  void noPathIsTooStrange() throws IOException {
    System.out.println("ContractTest: -Dseed=" + SEED);
    var strange = new ArrayList<>(STRANGE);
    for (var operation : Served.operations()) {
      Collections.shuffle(strange, samples.random());
      for (var part : strange.subList(0, OF_STRANGE)) {
        var path = operation.path().replaceAll("\\{[^}]*}", "{}");
        strange(operation, path.contains("{}") ? path.replace("{}", part) : path + part);
      }
    }
    assertEquals(List.of(), wrong, "-Dseed=" + SEED);
  }

  private void strange(Operation operation, String target) throws IOException {
    var body = operation.body().isPresent() ? BROKEN : "";
    var request =
        """
        %s %s HTTP/1.1
        Host: localhost
        Connection: close
        Authorization: Bearer %s
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(operation.method().value(), target, caller.token(), body.length())
            .replace("\n", "\r\n");
    try (var socket = new Socket(caller.base().getHost(), caller.base().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((request + body).getBytes(StandardCharsets.ISO_8859_1));
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      var status = lines.readLine();
      if (status == null || !status.matches("HTTP/1\\.1 [234].*")) {
        wrong.add(operation.method().value() + " " + target + ": " + status);
      }
    }
  }

  /** What came back; of events, what they say up to the last of a chat, or to the first word. */
  private record Reply(int status, String type, boolean named, String text, List<String> events) {}

  /** What would be brought about on this machine; all that is refused is tried. */
  private static boolean declaresAPackage(Attempt attempt) {
    return attempt.operation().path().matches("/v1/packages/(un)?install")
        && attempt.body().flatMap(ContractTest::namedPackage).isPresent();
  }

  private static Optional<PackageSpec> namedPackage(String body) {
    try {
      var name = new ObjectMapper().readTree(body).path("package");
      return name.isTextual() ? PackageSpec.parse(name.asText()) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private void attempt(Attempt attempt) throws IOException {
    if (declaresAPackage(attempt)) {
      return;
    }
    var reply = reply(attempt);
    var flaws = flaws(attempt, reply);
    if (!flaws.isEmpty()) {
      wrong.add("%s\n  %d %.400s\n  %s\n".formatted(attempt, reply.status(), reply.text(), flaws));
      assertTrue(wrong.size() < ENOUGH, () -> "-Dseed=" + SEED + " " + wrong);
    }
    if (attempt.operation().name().equals("PATCH /v1/config")) {
      caller.call("PATCH", "/v1/config", AS_BEFORE).good();
    }
    if (answer(attempt.operation(), reply).isPresent()) {
      done.add(attempt.operation().name());
    }
  }

  private static List<String> flaws(Attempt attempt, Reply reply) {
    var operation = attempt.operation();
    var flaws = new ArrayList<String>();
    if (reply.status() >= 500) {
      flaws.add("that is our fault");
    }
    if (!attempt.expected().status().test(reply.status())) {
      flaws.add("expected: " + attempt.expected().name());
    }
    if (!reply.named()) {
      flaws.add("it has no x-request-id");
    }
    var answer = answer(operation, reply);
    if (answer.isPresent()) {
      flaws.addAll(flaws(answer.get(), reply));
    } else if (!operation.problems().containsKey(reply.status())) {
      flaws.add("this status is not declared");
    } else {
      var content = Content.json(Refusals.schema(operation.chapter().dialect()));
      flaws.addAll(flaws(new Response(reply.status(), "", List.of(content)), reply));
    }
    return flaws;
  }

  private static Optional<Response> answer(Operation operation, Reply reply) {
    return operation.answers().stream()
        .filter(answer -> answer.status() == reply.status())
        .findFirst();
  }

  private static List<String> flaws(Response declared, Reply reply) {
    if (declared.contents().isEmpty()) {
      return reply.text().isEmpty() ? List.of() : List.of("nothing was to be said");
    }
    return declared.contents().stream()
        .filter(content -> isOf(content.mediaType(), reply.type()))
        .findFirst()
        .map(content -> flaws(content, reply))
        .orElseGet(() -> List.of(reply.type() + " is not declared"));
  }

  private static boolean isOf(String declared, String type) {
    return declared.equals("*/*") || declared.equals(type);
  }

  private static List<String> flaws(Content content, Reply reply) {
    return switch (content.mediaType()) {
      case "application/json" -> fit(content, reply.text());
      case Content.EVENTS ->
          reply.events().stream().flatMap(event -> fit(content, event).stream()).toList();
      default -> List.of();
    };
  }

  private static List<String> fit(Content content, String text) {
    return Fit.OF_ANSWERS.flaws(content.schema(), new Answer(0, null, text).json());
  }

  private Reply reply(Attempt attempt) throws IOException {
    var request =
        HttpRequest.newBuilder(caller.base().resolve(attempt.target()))
            .timeout(Duration.ofSeconds(20))
            .method(
                attempt.operation().method().value(),
                attempt.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody))
            .setHeader("Authorization", "Bearer " + caller.token())
            .setHeader("Content-Type", "application/json");
    attempt.headers().forEach(request::setHeader);
    try {
      return reply(caller.http().send(request.build(), BodyHandlers.ofInputStream()));
    } catch (InterruptedException e) {
      throw new AssertionError("no answer in time: " + attempt, e);
    }
  }

  private static Reply reply(HttpResponse<InputStream> response) throws IOException {
    var type = response.headers().firstValue("Content-Type").orElse("").split(";")[0];
    boolean named = response.headers().firstValue("x-request-id").isPresent();
    try (var body = response.body()) {
      return type.equals(Content.EVENTS)
          ? new Reply(response.statusCode(), type, named, "", events(body))
          : new Reply(
              response.statusCode(),
              type,
              named,
              new String(body.readAllBytes(), StandardCharsets.UTF_8),
              List.of());
    }
  }

  private static List<String> events(InputStream body) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    var events = new ArrayList<String>();
    for (var line = lines.readLine();
        line != null && !line.equals("data: [DONE]") && !line.equals(": following");
        line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        events.add(line.substring("data: ".length()));
      }
    }
    return events;
  }
}
