package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import clawster.runtime.limits.ClientAddress;
import clawster.runtime.limits.IpLiteral;
import clawster.runtime.limits.Network;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests come from, as proxies and liars say. */
final class TrustedProxiesTest {

  private static final TrustedProxies PROXIES =
      new TrustedProxies(
          List.of(
              Network.parse("10.0.0.0/8"), Network.parse("127.0.0.1"), Network.parse("fd00::/8")));

  /**
   * @param headers {@code Name: value}, separated by {@code |}
   */
  private static HttpRequest from(String peer, String headers) {
    var address = new InetSocketAddress(IpLiteral.of(peer).orElseThrow(), 4711);
    var request =
        HttpRequest.GET("http://localhost/")
            .addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(address));
    for (var header : headers.split("\\|")) {
      var parts = header.split(": ", 2);
      request =
          parts.length == 2
              ? request.addHeader(RawHeader.create(parts[0].strip(), parts[1].strip()))
              : request;
    }
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    // nobody of ours speaks: headers are talk
    "203.0.113.9, X-Forwarded-For: 127.0.0.1, 203.0.113.9",
    "203.0.113.9, Forwarded: for=127.0.0.1, 203.0.113.9",
    "203.0.113.9, X-Real-IP: 127.0.0.1, 203.0.113.9",
    "203.0.113.9, X-Forwarded-For: 10.0.0.1, 203.0.113.9",
    "203.0.113.9, X-Forwarded-User: admin, 203.0.113.9",
    "2001:db8::1, X-Forwarded-For: ::1, 2001:db8:0:0::/64",
    "127.0.0.2, X-Forwarded-For: 203.0.113.9, loopback",
    // a proxy of ours speaks
    "10.0.0.1, '', 10.0.0.1",
    "127.0.0.1, '', loopback",
    "::ffff:127.0.0.1, X-Forwarded-For: 203.0.113.9, 203.0.113.9",
    "127.0.0.1, X-Forwarded-For: 203.0.113.9, 203.0.113.9",
    "127.0.0.1, X-Forwarded-For: 127.0.0.1, 127.0.0.1",
    "127.0.0.1, X-Real-IP: 203.0.113.9, 203.0.113.9",
    "127.0.0.1, Forwarded: for=203.0.113.9;proto=https, 203.0.113.9",
    "127.0.0.1, 'Forwarded: proto=https; For=\"[2001:db8:1:2::3]:4711\"', 2001:db8:1:2::/64",
    "10.0.0.1, X-Forwarded-For: 203.0.113.9:5123, 203.0.113.9",
    "10.0.0.1, X-Forwarded-For: [2001:db8::1]:5123, 2001:db8:0:0::/64",
    "10.0.0.1, X-Forwarded-For: ::ffff:203.0.113.9, 203.0.113.9",
    "fd12::1, X-Forwarded-For: 203.0.113.9, 203.0.113.9",
    // what stands before the last stranger he may have written himself
    "10.0.0.1, 'X-Forwarded-For: 127.0.0.1, 203.0.113.9', 203.0.113.9",
    "10.0.0.1, 'X-Forwarded-For: 127.0.0.1, 10.0.0.9, 203.0.113.9, 10.0.0.2', 203.0.113.9",
    "10.0.0.1, X-Forwarded-For: 127.0.0.1|X-Forwarded-For: 203.0.113.9, 203.0.113.9",
    "10.0.0.1, 'Forwarded: for=127.0.0.1, for=203.0.113.9', 203.0.113.9",
    "10.0.0.1, 'X-Forwarded-For: nonsense, 203.0.113.9', 203.0.113.9",
    // all are ours
    "10.0.0.1, 'X-Forwarded-For: 10.0.0.7, 10.0.0.8', 10.0.0.7",
    // the last hop is not said, and the one before counts
    "10.0.0.1, 'X-Forwarded-For: 203.0.113.9, unknown, 10.0.0.8', 10.0.0.8",
    "10.0.0.1, X-Forwarded-For: unknown, 10.0.0.1",
    "10.0.0.1, Forwarded: for=_hidden, 10.0.0.1",
    "10.0.0.1, 'X-Forwarded-For: ,,', 10.0.0.1",
    // two headers agree, or one of both was passed on
    "10.0.0.1, X-Forwarded-For: 203.0.113.9|X-Real-IP: 203.0.113.9, 203.0.113.9",
    "10.0.0.1, 'X-Forwarded-For: 203.0.113.9, 10.0.0.2|X-Real-IP: 10.0.0.2', 203.0.113.9",
    "10.0.0.1, X-Forwarded-For: 203.0.113.9|X-Real-IP: 198.51.100.1, 10.0.0.1",
    "10.0.0.1, X-Forwarded-For: 203.0.113.9|Forwarded: for=198.51.100.1, 10.0.0.1",
  })
  void aClientIsTheLastHopThatIsNoneOfOurs(String peer, String headers, String key) {
    var client = PROXIES.provenance(from(peer, headers)).client();
    assertEquals(key, client.key());
    assertEquals(key.equals("loopback"), client.local());
  }

  @Test
  void withoutProxiesNoHeaderIsBelieved() {
    var request = from("127.0.0.1", "X-Forwarded-For: 203.0.113.9|X-Forwarded-Proto: https");
    assertEquals(ClientAddress.LOCAL, TrustedProxies.NONE.provenance(request).client());
    assertFalse(TrustedProxies.NONE.isHttps(request));
  }

  @Test
  void whoseConnectionIsNotKnownIsNotLocal() {
    assertEquals(
        ClientAddress.UNKNOWN,
        PROXIES
            .provenance(
                HttpRequest.GET("/").addHeader(RawHeader.create("X-Forwarded-For", "127.0.0.1")))
            .client());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, X-Forwarded-Proto: https, true",
    "127.0.0.1, X-Forwarded-Proto: HTTPS, true",
    "127.0.0.1, X-Forwarded-Proto: http, false",
    "127.0.0.1, 'X-Forwarded-Proto: https, http', false",
    "127.0.0.1, Forwarded: for=1.2.3.4;proto=https, true",
    "127.0.0.1, '', false",
    "203.0.113.9, X-Forwarded-Proto: https, false",
  })
  void onlyAProxyOfOursSaysThatACallerSpeaksTls(String peer, String headers, boolean https) {
    assertEquals(https, PROXIES.isHttps(from(peer, headers)));
  }
}
