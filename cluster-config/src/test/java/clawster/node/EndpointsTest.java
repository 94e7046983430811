package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.contract.Fit;
import clawster.http.contract.Parameter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Operation;
import clawster.http.socket.SocketEndpoints;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Scope;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list a node serves, read as a table; nothing here is called. */
final class EndpointsTest {

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

  static List<Operation> all() {
    return Served.operations();
  }

  @Test
  void methodAndPathNameOneEndpoint() {
    var seen = new HashSet<String>();
    for (var operation : all()) {
      var name = operation.name().replaceAll("\\{[^}]*}", "{}");
      assertTrue(seen.add(name), name + " is there twice");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachSaysWhatItDoesAndWhoMayCall(Operation operation) {
    assertTrue(
        operation.path().matches("/|(/[a-z0-9._-]+|/\\{[a-z]+}|/\\{[a-z]+\\.\\.\\.}$)+/?"),
        operation.name());
    isASentencesBeginning(operation.summary());
    assertNotNull(operation.access(), operation.name());
    assertFalse(operation.chapter().name().isBlank(), operation.name());
    assertTrue(operation.chapter().description().endsWith("."), operation.name());
    assertTrue(
        operation.body().isEmpty() || WITH_BODY.contains(operation.method().value()),
        operation.name() + " reads a body");
  }

  private static void isASentencesBeginning(String text) {
    assertTrue(text.matches("\\S.*[^\\s.]"), "\"" + text + "\"");
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachSaysWhatItTakes(Operation operation) {
    var variables =
        Pattern.compile("\\{([a-z]+)(?:\\.\\.\\.)?}")
            .matcher(operation.path())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    var declared =
        operation.parameters().stream()
            .filter(parameter -> parameter.place() == Parameter.Place.PATH)
            .map(Parameter::name)
            .collect(Collectors.toSet());
    assertEquals(variables, declared, operation.name());
    var seen = new HashSet<String>();
    for (var parameter : operation.parameters()) {
      assertTrue(seen.add(parameter.place() + parameter.name()), parameter.name() + " twice");
      isASentencesBeginning(parameter.description());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anExampleIsWhatTheSchemaSays(Operation operation) throws Exception {
    if (operation.body().isPresent()) {
      var body = operation.body().get();
      var example = new ObjectMapper().readTree(body.example());
      assertEquals(List.of(), Fit.OF_ANSWERS.flaws(body.schema(), example), operation.name());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachSaysWhatItAnswers(Operation operation) {
    assertTrue(
        operation.answers().stream().anyMatch(answer -> answer.status() / 100 <= 3),
        operation.name() + " never answers");
    var statuses = new HashSet<>(operation.problems().keySet());
    statuses.remove(500); // What failed may say more of it than a refusal does.
    for (var answer : operation.answers()) {
      assertTrue(statuses.add(answer.status()), operation.name() + " " + answer.status());
      isASentencesBeginning(answer.description());
    }
  }

  /** What none can do without, so that nobody forgets it. */
  @ParameterizedTest
  @MethodSource("all")
  void eachMayBeRefusedAsItsKindIs(Operation operation) {
    var statuses = operation.problems().keySet();
    assertTrue(statuses.containsAll(Set.of(403, 421, 500)), operation.name());
    assertEquals(operation.access() != Access.PUBLIC, statuses.contains(401), operation.name());
    assertEquals(operation.body().isPresent(), statuses.contains(413), operation.name());
    assertEquals(operation.body().isPresent(), statuses.contains(415), operation.name());
  }

  /** Whoever opens a route to everybody has to say so here. */
  @Test
  void onlyTheseAreOpenToEverybody() {
    var open =
        all().stream()
            .filter(operation -> operation.access() == Access.PUBLIC)
            .map(Operation::name)
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "GET /health",
            "GET /ready",
            "POST /v1/pairing/requests",
            "GET /v1/pairing/status",
            "GET /ws",
            "GET /",
            "GET /cluster",
            "GET /packages",
            "GET /pairing",
            "GET /docs",
            "GET /docs/",
            "GET /v1/openapi.json",
            "GET /favicon.ico",
            "GET /web/{file...}",
            "GET /webjars/{name}/{file...}"),
        open);
  }

  @Test
  void eachMethodOfSocketsIsAnEndpoint() {
    var names = all().stream().map(Operation::name).collect(Collectors.toSet());
    assertTrue(names.containsAll(SocketEndpoints.METHODS.values()), names.toString());
  }

  /** What could make somebody admin, or stop the service. */
  @Test
  void onlyAdminsMayDoThese() {
    assertEquals(
        Set.of(
            "GET /v1/cluster",
            "POST /v1/cluster/nodes/{id}/drain",
            "GET /v1/activity",
            "GET /v1/api-keys",
            "POST /v1/api-keys",
            "POST /v1/api-keys/{id}/revoke",
            "DELETE /v1/api-keys/{id}",
            "GET /v1/config",
            "PATCH /v1/config",
            "POST /v1/packages/install",
            "POST /v1/packages/uninstall"),
        all().stream()
            .filter(operation -> operation.access() == Access.ADMIN)
            .map(Operation::name)
            .collect(Collectors.toSet()));
  }

  /**
   * But for one that asks by POST, as GoClaw's clients do, and one that is for whoever may nothing.
   */
  @Test
  void whoMayOnlyReadChangesNothing() {
    var reads =
        all().stream()
            .filter(operation -> operation.access().allows(Set.of(Scope.READ)))
            .filter(operation -> WITH_BODY.contains(operation.method().value()))
            .map(Operation::name)
            .toList();
    assertEquals(List.of("POST /v1/sessions/{key}/preview", "POST /v1/pairing/requests"), reads);
  }

  /**
   * Whoever adds a route that changes something has to say as what that is recorded. These two
   * change nothing but what sessions remember themselves.
   */
  @Test
  void whatChangesSomethingIsRecorded() {
    var unrecorded =
        Served.endpoints().stream()
            .filter(endpoint -> WITH_BODY.contains(endpoint.method().value()))
            .filter(endpoint -> endpoint.recorded().isEmpty())
            .map(endpoint -> endpoint.operation().name())
            .collect(Collectors.toSet());
    assertEquals(
        Set.of("POST /v1/sessions/{key}/preview", "POST /v1/chat/completions"), unrecorded);
  }

  @Test
  void whatOnlyShowsSomethingIsNot() {
    for (var endpoint : Served.endpoints()) {
      assertTrue(
          endpoint.recorded().isEmpty() || WITH_BODY.contains(endpoint.method().value()),
          endpoint.operation().name());
    }
  }

  /** Or nobody could ever find an entry of it. */
  @Test
  void everyActionIsSomethingThatCanBeDone() {
    var declared =
        Served.endpoints().stream()
            .flatMap(endpoint -> endpoint.recorded().stream())
            .map(Endpoint.Recorded::action)
            .collect(Collectors.toSet());
    var rest = EnumSet.complementOf(EnumSet.copyOf(declared));
    assertEquals(
        EnumSet.of(Action.REQUEST_REFUSED, Action.PAIRING_MISSED, Action.PACKAGE_WITHDRAWN), rest);
  }

  /** The one variable is the name of what is changed. */
  @Test
  void whatIsRecordedForItHasOneVariableAtMost() {
    for (var endpoint : Served.endpoints()) {
      if (endpoint.recorded().filter(recorded -> !recorded.atSource()).isPresent()) {
        assertTrue(endpoint.path().chars().filter(c -> c == '{').count() <= 1, endpoint.path());
      }
    }
  }
}
