package clawster.http.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.JsonBody;
import clawster.packages.FailureCode;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.kernel.Problem;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageEvent;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PackageEndpointsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static final ActorSystem<Void> SYSTEM = system(20);

  private static final PackageRef TYPESCRIPT = new PackageRef(PackageKind.NPM, "typescript");

  private static final PackageEvent.Ended DONE =
      new PackageEvent.Ended(
          Optional.empty(),
          List.of(
              node("1", "one", new PackageStatus(TYPESCRIPT, 1, State.DONE, Optional.empty())),
              node("2", "two", new PackageStatus(TYPESCRIPT, 1, State.NOBODY, Optional.empty()))));

  private final ScriptedPackages packages = new ScriptedPackages();
  private PackageEndpoints endpoints = endpoints(SYSTEM);
  private CompletableFuture<Done> gone = new CompletableFuture<>();

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  /**
   * @param seconds within which a stream is to be read
   */
  private static ActorSystem<Void> system(int seconds) {
    return ActorSystem.create(
        Behaviors.empty(),
        "packages",
        ConfigFactory.parseString(
                """
                pekko.actor.provider = local
                pekko.stream.materializer.subscription-timeout.timeout = %ds
                """
                    .formatted(seconds))
            .withFallback(ConfigFactory.load()));
  }

  private PackageEndpoints endpoints(ActorSystem<Void> system) {
    return new PackageEndpoints(system, packages, new HandClock(NOON));
  }

  private static NodePackages node(String id, String name, PackageStatus... statuses) {
    return new NodePackages(id, name, Map.of(), List.of(), List.of(statuses), NOON);
  }

  private static PackageStatus failed(long change, FailureCode code, String error) {
    var failure = new PackageStatus.Failure(code, error);
    return new PackageStatus(TYPESCRIPT, change, State.FAILED, Optional.of(failure));
  }

  private CompletableFuture<HttpResponse> post(String action, String body, String accept) {
    var request =
        HttpRequest.POST("/v1/packages/" + action).addHeader(RawHeader.create("Accept", accept));
    var call =
        new Call(request, Principal.GATEWAY, Map.of(), ByteString.fromString(body), "r1", gone);
    return endpoints.endpoints().stream()
        .filter(one -> one.operation().name().equals("POST /v1/packages/" + action))
        .findFirst()
        .orElseThrow()
        .handler()
        .handle(call)
        .toCompletableFuture();
  }

  private CompletableFuture<HttpResponse> install(String accept) {
    return post("install", "{\"package\":\"npm:typescript\"}", accept);
  }

  private static HttpResponse join(CompletableFuture<HttpResponse> answer) throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private static String text(HttpResponse response) throws Exception {
    return response
        .entity()
        .toStrict(20_000, SYSTEM)
        .toCompletableFuture()
        .get()
        .getData()
        .utf8String();
  }

  private static JsonNode json(HttpResponse response) throws IOException {
    var data = ((HttpEntity.Strict) response.entity()).getData().utf8String();
    return JsonBody.MAPPER.readTree(data);
  }

  private static JsonNode json(String text) throws IOException {
    return JsonBody.MAPPER.readTree(text);
  }

  @Test
  void whatIsInstalledIsSaidToBe() throws Exception {
    packages.happening = Source.single(DONE);
    var answer = join(install("*/*"));
    assertEquals(200, answer.status().intValue());
    assertEquals(
        json(
            """
            {"ok":true,"error":"","nodes":[
              {"node":"1","name":"one","state":"done"},{"node":"2","name":"two","state":"nobody"}]}
            """),
        json(answer));
    var declared = packages.declared.getFirst();
    assertEquals("npm:typescript", declared.spec().toString());
    assertEquals(Presence.INSTALLED, declared.presence());
    assertEquals("package.installed", declared.entry().action());
    assertEquals(Optional.of("npm:typescript"), declared.entry().entityId());
    assertEquals(NOON, declared.entry().at());
  }

  @Test
  void whatFailsSaysWhyOfThisDeclarationOnly() throws Exception {
    var statuses =
        new PackageStatus[] {
          failed(7, FailureCode.DISK_FULL, "of another"), failed(1, FailureCode.NETWORK, "no <net>")
        };
    packages.happening =
        Source.single(
            new PackageEvent.Ended(
                Optional.of(
                    Problem.of(Problem.Kind.INTERNAL, "package.failed").with("detail", "no <net>")),
                List.of(node("1", "one", statuses))));
    var answer = join(post("uninstall", "{\"package\":\"npm:typescript\"}", "*/*"));
    assertEquals(500, answer.status().intValue());
    assertEquals(
        json(
            """
            {"ok":false,"error":"It has not come about everywhere: no <net>","nodes":[
              {"node":"1","name":"one","state":"failed","code":"network","error":"no <net>"}]}
            """),
        json(answer));
    assertEquals(Presence.ABSENT, packages.declared.getFirst().presence());
    assertEquals("package.uninstalled", packages.declared.getFirst().entry().action());
  }

  @Test
  void eventsTellTheWay() throws Exception {
    packages.happening =
        Source.<PackageEvent>from(
            List.of(
                new PackageEvent.Said("1", "added\n\nevent: done\ndata: {}"),
                new PackageEvent.Moved("1", failed(1, FailureCode.TIMEOUT, "slow")),
                DONE,
                new PackageEvent.Said("1", "nobody hears that")));
    var answer = join(install("text/event-stream"));
    assertEquals(200, answer.status().intValue());
    assertEquals(
        """
        event: progress
        data: {"node":"1","line":"added\\n\\nevent: done\\ndata: {}"}

        event: node
        data: {"node":"1","state":"failed","code":"timeout","error":"slow"}

        event: done
        data: {"ok":true,"error":"","nodes":[{"node":"1","name":"one","state":"done"},\
        {"node":"2","name":"two","state":"nobody"}]}

        """,
        text(answer));
  }

  static List<Source<PackageEvent, NotUsed>> unheard() {
    return List.of(Source.empty(), Source.failed(new IllegalStateException("its node is gone")));
  }

  /** It is declared, so it is neither done nor refused. */
  @ParameterizedTest
  @MethodSource("unheard")
  void anEndThatNobodyHeardIsSaidToBeThat(Source<PackageEvent, NotUsed> happening)
      throws Exception {
    packages.happening = happening;
    var answer = join(install("*/*"));
    assertEquals(500, answer.status().intValue());
    assertFalse(json(answer).at("/ok").asBoolean(true));
    assertTrue(json(answer).at("/error").asText().startsWith("How it ended was not heard"));
    var events = text(join(install("text/event-stream")));
    assertTrue(events.startsWith("event: done\ndata: {\"ok\":false,"), events);
  }

  private static Source<PackageEvent, NotUsed> endless(CompletableFuture<Done> left) {
    return Source.<PackageEvent>maybe()
        .watchTermination(
            (_, end) -> {
              end.whenComplete((_, _) -> left.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
  }

  /** Of both kinds; and whoever leaves makes room, once. */
  @ParameterizedTest
  @ValueSource(strings = {"*/*", "text/event-stream"})
  void onlySoManyWait(String accept) throws Exception {
    packages.happening = endless(new CompletableFuture<>());
    var waiting = new ArrayList<CompletableFuture<HttpResponse>>();
    for (int i = 0; i < Followers.MOST; i++) {
      waiting.add(install(accept));
    }
    var answer = join(install(accept));
    assertEquals(429, answer.status().intValue());
    assertEquals("10", answer.getHeader("Retry-After").orElseThrow().value());
    assertEquals(Followers.MOST, packages.declared.size(), "nothing is declared that is refused");
    gone.complete(Done.getInstance());
    gone = new CompletableFuture<>();
    packages.happening = Source.single(DONE);
    assertEquals(200, join(install(accept)).status().intValue());
  }

  @Test
  void whoHangsUpIsFollowedNoLonger() throws Exception {
    var left = new CompletableFuture<Done>();
    packages.happening = endless(left);
    install("*/*");
    gone.complete(Done.getInstance());
    left.get(20, TimeUnit.SECONDS);
    assertEquals(1, packages.declared.size());
  }

  @Test
  void whoNeverReadsAStreamIsFollowedNoLonger() throws Exception {
    var hasty = system(2);
    endpoints = endpoints(hasty);
    var left = new CompletableFuture<Done>();
    packages.happening = endless(left);
    assertEquals(200, join(install("text/event-stream")).status().intValue());
    left.get(20, TimeUnit.SECONDS);
    hasty.terminate();
  }

  @Test
  void whoLeavesAStreamMakesRoom() throws Exception {
    packages.happening = endless(new CompletableFuture<>());
    for (int i = 0; i < Followers.MOST * 2; i++) {
      var answer = join(install("text/event-stream"));
      assertEquals(200, answer.status().intValue(), "the " + i + "th");
      var ended =
          answer
              .entity()
              .getDataBytes()
              .watchTermination(Keep.right())
              .to(Sink.cancelled())
              .run(SYSTEM);
      ended.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatCouldNotBeStoredTakesNoPlace() {
    packages.stored = CompletableFuture.failedStage(new IllegalStateException("no database"));
    for (int i = 0; i < Followers.MOST * 2; i++) {
      var failure = assertThrows(CompletionException.class, () -> install("*/*").join());
      assertEquals("no database", failure.getCause().getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "text/event-stream"})
  void whatCannotBeFollowedTakesNoPlace(String accept) throws Exception {
    packages.follows = false;
    for (int i = 0; i < Followers.MOST * 2; i++) {
      assertThrows(CompletionException.class, () -> install(accept).join());
    }
    packages.follows = true;
    packages.happening = Source.single(DONE);
    assertEquals(200, join(install(accept)).status().intValue());
  }

  @Test
  void aBodyThatIsTooLongNamesNone() {
    var most = "{\"package\":\"npm:typescript\"" + " ".repeat(4096 - 28) + "}";
    assertEquals(4096, most.length());
    packages.happening = Source.single(DONE);
    assertEquals(200, post("install", most, "*/*").join().status().intValue());
    var longer = assertThrows(BadRequest.class, () -> post("install", most + " ", "*/*"));
    assertEquals("package.required", longer.problem().code());
  }

  /**
   * @param body as it is sent
   */
  record Attack(String action, String body, boolean blocked, String note) {}

  static Stream<Attack> attacks() throws IOException {
    try (var file = PackageEndpointsTest.class.getResourceAsStream("cases.jsonl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines().map(PackageEndpointsTest::attack).toList().stream();
    }
  }

  private static Attack attack(String line) {
    try {
      var row = json(line);
      var request = row.get("request");
      return new Attack(
          request.path("action").asText("install"),
          request.has("_raw") ? request.get("_raw").asText() : request.toString(),
          row.get("expect").asText().equals("blocked"),
          row.get("note").asText());
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void nothingButNamesGetsFurther(Attack attack) throws Exception {
    packages.happening = Source.single(DONE);
    if (attack.blocked()) {
      var refused =
          assertThrows(BadRequest.class, () -> post(attack.action(), attack.body(), "*/*"));
      assertTrue(
          refused.problem().code().matches("package\\.(required|name)"), refused.problem().code());
      assertEquals(List.of(), packages.declared);
    } else {
      assertEquals(200, join(post(attack.action(), attack.body(), "*/*")).status().intValue());
      var name = packages.declared.getFirst().spec().toString();
      assertTrue(name.matches("(pip:|npm:)?[a-zA-Z0-9@][a-zA-Z0-9._+\\-/@]*"), name);
    }
  }

  @Test
  void whatIsNoNameIsNotSaidToBeMissing() {
    var refused =
        assertThrows(BadRequest.class, () -> post("install", "{\"package\":\"-o\"}", "*/*"));
    assertEquals("package.name", refused.problem().code());
  }
}
