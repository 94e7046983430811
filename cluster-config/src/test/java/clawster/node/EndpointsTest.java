package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.cluster.Standing;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.limits.AnswerLimits;
import clawster.runtime.agents.Agents;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Scope;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list a node serves, read as a table; nothing here is called. */
final class EndpointsTest {

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

  static List<Endpoint> all() {
    var settings = Settings.read(Settings.DEFAULT_BIND, 0, Path.of("unused"), Map.of());
    var clock = Clock.systemUTC();
    var agents = Agents.of(List.of());
    return Node.endpoints(
        settings,
        new Edge(
            null,
            null,
            agents,
            null,
            null,
            AnswerLimits.NONE,
            new Standing(),
            new Departure(),
            null,
            clock));
  }

  @Test
  void methodAndPathNameOneEndpoint() {
    var seen = new HashSet<String>();
    for (var endpoint : all()) {
      var name = name(endpoint).replaceAll("\\{[^}]*}", "{}");
      assertTrue(seen.add(name), name + " is there twice");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachSaysWhatItDoesAndWhoMayCall(Endpoint endpoint) {
    assertTrue(endpoint.path().matches("/|(/[a-z0-9._-]+|/\\{[a-z]+}|/\\{[a-z]+\\.\\.\\.}$)+"));
    assertFalse(endpoint.summary().isBlank(), name(endpoint));
    assertFalse(endpoint.summary().endsWith("."), name(endpoint));
    assertNotNull(endpoint.access(), name(endpoint));
    assertNotNull(endpoint.dialect(), name(endpoint));
    assertTrue(
        endpoint.bodyLimit() == 0 || WITH_BODY.contains(endpoint.method().value()),
        name(endpoint) + " reads a body");
  }

  /** Whoever opens a route to everybody has to say so here. */
  @Test
  void onlyTheseAreOpenToEverybody() {
    var open =
        all().stream()
            .filter(endpoint -> endpoint.access() == Access.PUBLIC)
            .map(EndpointsTest::name)
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "GET /health",
            "GET /ready",
            "GET /",
            "GET /cluster",
            "GET /favicon.ico",
            "GET /web/{file...}",
            "GET /webjars/{name}/{file...}"),
        open);
  }

  /** What could make somebody admin, or stop the service. */
  @Test
  void onlyAdminsMayDoThese() {
    assertEquals(
        Set.of(
            "GET /v1/cluster",
            "POST /v1/cluster/nodes/{id}/drain",
            "GET /v1/api-keys",
            "POST /v1/api-keys",
            "POST /v1/api-keys/{id}/revoke",
            "DELETE /v1/api-keys/{id}"),
        all().stream()
            .filter(endpoint -> endpoint.access() == Access.ADMIN)
            .map(EndpointsTest::name)
            .collect(Collectors.toSet()));
  }

  /** But for one that asks by POST, as GoClaw's clients do. */
  @Test
  void whoMayOnlyReadChangesNothing() {
    var reads =
        all().stream()
            .filter(endpoint -> endpoint.access().allows(Set.of(Scope.READ)))
            .filter(endpoint -> WITH_BODY.contains(endpoint.method().value()))
            .map(EndpointsTest::name)
            .toList();
    assertEquals(List.of("POST /v1/sessions/{key}/preview"), reads);
  }

  private static String name(Endpoint endpoint) {
    return endpoint.method().value() + " " + endpoint.path();
  }
}
