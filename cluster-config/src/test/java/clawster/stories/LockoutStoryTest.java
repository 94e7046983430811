package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guesses are spread over two nodes behind a proxy. */
@Timeout(120)
final class LockoutStoryTest {

  private static final String TOKEN = "the-token-of-this-story";

  /** Two seconds are promised, of a machine that is not busy. */
  private static final Duration SOON = Duration.ofSeconds(6);

  private static RealNode first;
  private static RealNode second;

  @BeforeAll
  static void start() {
    first =
        new RealNode(
            Map.of("CLAWSTER_GATEWAY_TOKEN", TOKEN, "CLAWSTER_TRUSTED_PROXIES", "127.0.0.1, ::1"));
    second = first.beside(2);
  }

  @AfterAll
  static void end() throws Exception {
    second.close();
    first.close();
  }

  private static Answer get(RealNode node, String path, String token, String client) {
    var caller = node.caller();
    return new Caller(caller.http(), caller.base(), token)
        .call("GET", path, "", "X-Forwarded-For", client);
  }

  @Test
  void tenGuessesAtTwoNodesLockTheAddressAtBothSoon() {
    var paths = List.of("/v1/models", "/v1/sessions", "/v1/sessions/a/events");
    for (int i = 0; i < 10; i++) {
      var answer =
          get(
              i % 2 == 0 ? first : second,
              paths.get(i % 3),
              "guess-" + i,
              "203.0.113.9, 127.0.0.1");
      assertEquals(401, answer.status(), answer.text());
    }
    for (var node : List.of(first, second)) {
      Await.until(
          "the right token is refused",
          SOON,
          () -> get(node, "/v1/models", TOKEN, "203.0.113.9").status() == 429);
      var refused = get(node, "/v1/models", "guess", "203.0.113.9");
      assertEquals(429, refused.status());
      assertEquals("rate_limit_error", refused.json().at("/error/type").asText());
      assertEquals("request.locked_out", refused.json().at("/error/code").asText());
      int seconds = Integer.parseInt(refused.header("Retry-After"));
      assertTrue(seconds > 280 && seconds <= 300, refused.header("Retry-After"));
      assertTrue(get(node, "/v1/sessions", TOKEN, "203.0.113.9").json().at("/error").isTextual());
      assertEquals(401, get(node, "/v1/models", "", "203.0.113.9").status(), "it guesses nothing");
      assertEquals(200, get(node, "/v1/models", TOKEN, "203.0.113.8").status(), "somebody else");
      assertEquals(
          200, get(node, "/v1/models", TOKEN, "203.0.113.9, 203.0.113.8").status(), "a liar");
      assertEquals(200, get(node, "/health", TOKEN, "203.0.113.9").status());
    }
  }

  @Test
  void addressesOfOneNetworkAreOne() {
    for (int i = 0; i < 10; i++) {
      assertEquals(401, get(first, "/v1/models", "guess-" + i, "2001:db8::" + i).status());
    }
    assertEquals(429, get(first, "/v1/models", TOKEN, "2001:db8::ffff").status());
    assertEquals(200, get(first, "/v1/models", TOKEN, "2001:db8:0:1::1").status());
  }
}
