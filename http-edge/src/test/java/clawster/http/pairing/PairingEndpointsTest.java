package clawster.http.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Call;
import clawster.http.kernel.JsonBody;
import clawster.runtime.identity.InMemoryApiKeys;
import clawster.runtime.identity.KeyRing;
import clawster.runtime.identity.Principal;
import clawster.runtime.identity.Scope;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.HandClock;
import clawster.runtime.limits.ClientAddress;
import clawster.runtime.limits.InMemoryGuessCounts;
import clawster.runtime.limits.Lockout;
import clawster.runtime.pairing.InMemoryPairings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** From one address, which is unknown here. */
final class PairingEndpointsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final HandClock clock = new HandClock(NOON);
  private final InMemoryPairings pairings = new InMemoryPairings();
  private final Admission admission =
      new Admission(
          new Authentication(
              "s3cret",
              new KeyRing<>(new InMemoryApiKeys(), clock),
              new KeyRing<>(pairings, clock)),
          new Lockout(new InMemoryGuessCounts(clock), "here", () -> false, clock));
  private final PairingEndpoints locked = new PairingEndpoints(pairings, clock, admission, true);

  private static HttpResponse call(
      PairingEndpoints endpoints, String name, Principal principal, String body, String sender) {
    var request = HttpRequest.create().addHeader(RawHeader.create("X-GoClaw-Sender-Id", sender));
    var call =
        new Call(
            request,
            principal,
            Map.of(),
            ByteString.fromString(body),
            "id",
            new CompletableFuture<>());
    return endpoints.endpoints().stream()
        .filter(endpoint -> endpoint.operation().name().equals(name))
        .findFirst()
        .orElseThrow()
        .handler()
        .handle(call)
        .toCompletableFuture()
        .join();
  }

  private HttpResponse admin(String name, String body) {
    return call(locked, name, Principal.GATEWAY, body, "");
  }

  private JsonNode ask() {
    return json(call(locked, "POST /v1/pairing/requests", Principal.ANYBODY, "", ""));
  }

  private String status(String sender) {
    var answer = call(locked, "GET /v1/pairing/status", Principal.ANYBODY, "", sender);
    return json(answer).at("/status").asText();
  }

  private static JsonNode json(HttpResponse response) {
    try {
      return JsonBody.MAPPER.readTree(
          ((HttpEntity.Strict) response.entity()).getData().utf8String());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String code(JsonNode asked) {
    return "{\"code\":\"" + asked.at("/code").asText() + "\",\"approvedBy\":\"the boss\"}";
  }

  @Test
  void withoutATokenNobodyIsGivenACode() {
    var open = new PairingEndpoints(pairings, clock, admission, false);
    var answer = call(open, "POST /v1/pairing/requests", Principal.ANYBODY, "", "");
    assertEquals(409, answer.status().intValue());
    assertTrue(pairings.state().toCompletableFuture().join().pending().isEmpty());
  }

  @Test
  void aDeviceAsksIsApprovedAndHasItsTime() {
    var asked = ask();
    var sender = asked.at("/sender_id").asText();
    assertEquals(NOON.plusSeconds(3_600).toEpochMilli(), asked.at("/expires_at").asLong());
    assertEquals("pending", status(sender));
    var paired = json(admin("POST /v1/pairing/approve", code(asked))).at("/paired");
    assertEquals("gateway", paired.at("/paired_by").asText(), "whoever is said to be");
    assertEquals(NOON.toEpochMilli(), paired.at("/paired_at").asLong());
    assertEquals("", paired.at("/chat_id").asText());
    assertTrue(sender.startsWith(paired.at("/sender_id").asText()));
    assertEquals("approved", status(sender));
    clock.passes(Duration.ofDays(30));
    assertEquals("expired", status(sender));
  }

  /** It asks again and again, and waits for somebody to approve it. */
  @Test
  void whoWaitsIsNotLockedOutAndWhoGuessesIs() {
    var asked = ask().at("/sender_id").asText();
    for (int i = 0; i < 12; i++) {
      assertEquals("pending", status(asked));
      assertEquals("expired", status(""), "that shows nothing");
    }
    for (int i = 0; i < 10; i++) {
      assertEquals("expired", status(SenderId.next().reveal()));
    }
    for (var sender : List.of(SenderId.next().reveal(), asked)) {
      var answer = call(locked, "GET /v1/pairing/status", Principal.ANYBODY, "", sender);
      assertEquals(429, answer.status().intValue());
      assertEquals("300", answer.getHeader("Retry-After").orElseThrow().value());
    }
  }

  /** Nobody tells it to stop; and it shares its address with others. */
  @Test
  void whoIsDeniedAndAsksOnLocksOutNobody() {
    var asked = ask();
    admin("POST /v1/pairing/deny", code(asked));
    for (int i = 0; i < 20; i++) {
      assertEquals("expired", status(asked.at("/sender_id").asText()));
    }
    assertTrue(
        admission
            .unlessGuessed(
                ClientAddress.UNKNOWN,
                () -> CompletableFuture.completedStage(true),
                _ -> false,
                _ -> false)
            .toCompletableFuture()
            .join(),
        "a right token is looked at");
  }

  @Test
  void aWrongIdIsNewOnceToEachNetwork() {
    var wrong = new WrongIds();
    var one = SenderId.next();
    assertTrue(wrong.isNew("here", one));
    assertFalse(wrong.isNew("here", one));
    assertTrue(wrong.isNew("there", one));
    for (int i = 0; i < WrongIds.MOST; i++) {
      assertTrue(wrong.isNew("here", SenderId.next()));
    }
    assertTrue(wrong.isNew("here", one), "it was forgotten");
  }

  @Test
  void aCodeThatHasExpiredIsNotListed() {
    var asked = ask();
    assertEquals(1, json(admin("GET /v1/pairing", "")).at("/pending").size());
    clock.passes(Duration.ofHours(1));
    var list = json(admin("GET /v1/pairing", ""));
    assertTrue(list.at("/pending").isArray() && list.at("/pending").isEmpty());
    assertTrue(list.at("/paired").isArray() && list.at("/paired").isEmpty());
    assertEquals("expired", status(asked.at("/sender_id").asText()));
    assertEquals(404, admin("POST /v1/pairing/approve", code(asked)).status().intValue());
  }

  @Test
  void listsShowNoSecret() {
    var pending = ask().at("/sender_id").asText();
    var asked = ask();
    admin("POST /v1/pairing/approve", code(asked));
    var list = json(admin("GET /v1/pairing", "")).toString();
    for (var sender : List.of(pending, asked.at("/sender_id").asText())) {
      assertFalse(list.contains(sender.substring(sender.length() - 32)), list);
    }
  }

  /** By what lists show of it, or by all of it. */
  @Test
  void aDeviceIsRevokedByItsSenderId() {
    for (boolean whole : List.of(true, false)) {
      var asked = ask();
      admin("POST /v1/pairing/approve", code(asked));
      var sender = asked.at("/sender_id").asText();
      var named = whole ? sender : sender.substring(0, sender.length() - 33);
      var body = "{\"senderId\":\"%s\",\"channel\":\"browser\"}".formatted(named);
      assertTrue(json(admin("POST /v1/pairing/revoke", body)).at("/revoked").asBoolean());
      assertEquals("expired", status(sender));
      var again = admin("POST /v1/pairing/revoke", body);
      assertEquals(404, again.status().intValue());
      assertFalse(json(again).toString().contains(sender), "it is not said again");
    }
  }

  @Test
  void afterTenWrongCodesEvenTheRightOneIsNotLookedAt() {
    var asked = ask();
    var wrong = asked.at("/code").asText().startsWith("A") ? "BBBBBBBB" : "AAAAAAAA";
    for (int i = 0; i < 10; i++) {
      var answer = admin("POST /v1/pairing/approve", "{\"code\":\"" + wrong + "\"}");
      assertEquals(404, answer.status().intValue());
    }
    var answer = admin("POST /v1/pairing/approve", code(asked));
    assertEquals(429, answer.status().intValue());
    assertEquals("600", answer.getHeader("Retry-After").orElseThrow().value());
    clock.passes(Duration.ofMinutes(10));
    assertEquals(200, admin("POST /v1/pairing/approve", code(asked)).status().intValue());
  }

  @Test
  void whoMayOnlyPairDoesNotLetInWhatMayWrite() {
    var key = new Principal.Key(new UUID(0, 1), Set.of(Scope.PAIRING), Optional.empty());
    var asked = ask();
    var answer = call(locked, "POST /v1/pairing/approve", key, code(asked), "");
    assertEquals(403, answer.status().intValue());
    assertEquals("pending", status(asked.at("/sender_id").asText()));
    assertEquals(
        200, call(locked, "POST /v1/pairing/deny", key, code(asked), "").status().intValue());
  }

  @Test
  void whoAsksTooOftenIsToldToWait() {
    for (int i = 0; i < Visits.MOST; i++) {
      assertEquals("expired", status("browser-none"));
    }
    for (var name : List.of("GET /v1/pairing/status", "POST /v1/pairing/requests")) {
      var answer = call(locked, name, Principal.ANYBODY, "", "");
      assertEquals(429, answer.status().intValue());
      assertTrue(answer.getHeader("Retry-After").isPresent());
    }
  }

  @Test
  void eachCallerIsCountedForItself() {
    var visits = new Visits();
    for (int i = 0; i < Visits.MOST; i++) {
      assertTrue(visits.takes("here"));
    }
    assertFalse(visits.takes("here"));
    assertTrue(visits.takes("there"));
  }
}
