package clawster.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.http.contract.Content;
import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.packages.PackageEndpoints;
import clawster.packages.FailureCode;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Problem;
import clawster.runtime.packages.InstalledPackage;
import clawster.runtime.packages.LanguageRuntime;
import clawster.runtime.packages.NodePackages;
import clawster.runtime.packages.PackageEvent;
import clawster.runtime.packages.PackageKind;
import clawster.runtime.packages.PackageNews;
import clawster.runtime.packages.PackageRef;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers on packages are as declared; {@code ContractTest} asks for none, so as to install none.
 */
@Timeout(60)
final class PackageAnswersTest {

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "package-answers",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));

  private static final PackageStatus FAILED =
      new PackageStatus(
          new PackageRef(PackageKind.NPM, "x"),
          1,
          State.FAILED,
          Optional.of(new PackageStatus.Failure(FailureCode.NETWORK, "away")));

  /** Who have different things. */
  private static final List<NodePackages> NODES =
      List.of(
          node("1", List.of(new InstalledPackage("a", "1")), FAILED),
          node("2", List.of(new InstalledPackage("b", ""))));

  private static NodePackages node(
      String id, List<InstalledPackage> installed, PackageStatus... statuses) {
    return new NodePackages(
        id,
        "node-" + id,
        Map.of(PackageKind.NPM, installed),
        List.of(new LanguageRuntime("npm", true, "10"), new LanguageRuntime("pip3", false, "")),
        List.of(statuses),
        Instant.EPOCH);
  }

  private record Scripted(boolean ok) implements Packages {

    @Override
    public CompletionStage<Long> declare(PackageSpec spec, Presence presence, AuditEntry entry) {
      return CompletableFuture.completedStage(1L);
    }

    @Override
    public Source<PackageEvent, NotUsed> follow(long change) {
      return Source.from(
          List.of(
              new PackageEvent.Said("1", "a line"),
              new PackageEvent.Moved("1", FAILED),
              new PackageEvent.Ended(
                  ok
                      ? Optional.empty()
                      : Optional.of(Problem.of(Problem.Kind.INTERNAL, "package.stuck")),
                  NODES)));
    }

    @Override
    public Source<PackageNews, NotUsed> news() {
      return Source.never();
    }

    @Override
    public CompletionStage<List<NodePackages>> nodes() {
      return CompletableFuture.completedStage(NODES);
    }
  }

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  /** What does not fit of the answer, which has the status. */
  private static List<String> flaws(Packages packages, String name, String accept, int status)
      throws Exception {
    var endpoint = endpoint(packages, name);
    var call =
        new Call(
            HttpRequest.create().addHeader(RawHeader.create("Accept", accept)),
            Principal.GATEWAY,
            Map.of(),
            ByteString.fromString("{\"package\":\"npm:x\"}"),
            "r1",
            new CompletableFuture<>());
    var answer = endpoint.handler().handle(call).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertEquals(status, answer.status().intValue());
    var body = answer.entity().toStrict(20_000, SYSTEM).toCompletableFuture().get();
    var type = body.getContentType().mediaType().toString();
    var content =
        endpoint.operation().answers().stream()
            .filter(declared -> declared.status() == status)
            .flatMap(declared -> declared.contents().stream())
            .filter(declared -> declared.mediaType().equals(type))
            .findFirst()
            .orElseThrow();
    return said(content, body.getData().utf8String()).stream()
        .flatMap(json -> flaws(content, json).stream())
        .toList();
  }

  private static Endpoint endpoint(Packages packages, String name) {
    return new PackageEndpoints(SYSTEM, packages, Clock.systemUTC())
        .endpoints().stream()
            .filter(endpoint -> endpoint.operation().name().equals(name))
            .findFirst()
            .orElseThrow();
  }

  private static List<String> said(Content content, String text) {
    return content.mediaType().equals(Content.EVENTS)
        ? Arrays.stream(text.split("\n"))
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring("data: ".length()))
            .toList()
        : List.of(text);
  }

  private static List<String> flaws(Content content, String json) {
    try {
      return Fit.OF_ANSWERS.flaws(content.schema(), new ObjectMapper().readTree(json));
    } catch (Exception e) {
      return List.of(json + ": " + e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/packages", "GET /v1/packages/runtimes"})
  void listsAreAsDeclared(String name) throws Exception {
    assertEquals(List.of(), flaws(new Scripted(true), name, "*/*", 200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /v1/packages/install", "POST /v1/packages/uninstall"})
  void resultsAreAsDeclared(String name) throws Exception {
    assertEquals(List.of(), flaws(new Scripted(true), name, "*/*", 200));
    assertEquals(List.of(), flaws(new Scripted(false), name, "*/*", 500));
  }

  @Test
  void eventsAreAsDeclared() throws Exception {
    var name = "POST /v1/packages/install";
    assertEquals(List.of(), flaws(new Scripted(false), name, Content.EVENTS, 200));
  }
}
