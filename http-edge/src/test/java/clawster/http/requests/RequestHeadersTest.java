package clawster.http.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.runtime.identity.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a request is known again. */
final class RequestHeadersTest {

  private static Call call(String header, String value) {
    return new Call(
        HttpRequest.POST("/").addHeader(RawHeader.create(header, value)),
        Principal.GATEWAY,
        Map.of(),
        ByteString.emptyByteString(),
        "r1",
        new CompletableFuture<>());
  }

  static String[] keys() {
    return new String[] {"a", "a key, with \"quotes\"", "~", "k".repeat(255)};
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyIsPrintableAscii(String key) {
    assertEquals(Optional.of(new RequestKey(key)), RequestKey.of(call("idempotency-key", key)));
  }

  static String[] noKeys() {
    return new String[] {"", "k".repeat(256), "n\u00f8kkel", "a\tb", "\u007f"};
  }

  @ParameterizedTest
  @MethodSource("noKeys")
  void anythingElseIsRefusedByName(String key) {
    var bad = assertThrows(BadRequest.class, () -> RequestKey.of(call("Idempotency-Key", key)));
    assertEquals("Idempotency-Key", bad.problem().facts().get("param"));
  }

  @Test
  void whoSendsNoKeyHasNone() {
    assertEquals(Optional.empty(), RequestKey.of(call("X-Other", "key")));
  }

  @Test
  void anSdkCountsItsRetries() {
    var first = Retry.of(call("X-Stainless-Retry-Count", "0")).orElseThrow();
    assertEquals(new Retry(0), first);
    assertEquals(false, first.isAnother());
    assertEquals(true, Retry.of(call("x-stainless-retry-count", "2")).orElseThrow().isAnother());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "two", "99999999999"})
  void whatIsNoCountIsNoSdks(String count) {
    assertEquals(Optional.empty(), Retry.of(call("x-stainless-retry-count", count)));
  }
}
