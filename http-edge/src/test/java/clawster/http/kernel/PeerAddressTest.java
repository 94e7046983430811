package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerAddressTest {

  private static HttpRequest from(String address) throws UnknownHostException {
    var peer = new InetSocketAddress(InetAddress.getByName(address), 4711);
    return HttpRequest.GET("http://localhost/")
        .addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(peer));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, 192.0.2.7",
    "::ffff:192.0.2.7, 192.0.2.7, 192.0.2.7",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1, 2001:0db8:0000:0000::/64",
    "2001:db8:0:0:ffff::2, 2001:db8:0:0:ffff:0:0:2, 2001:0db8:0000:0000::/64",
    "2001:db8:0:1::1, 2001:db8:0:1:0:0:0:1, 2001:0db8:0000:0001::/64",
  })
  void anIpv6CallerHasAWholeNetwork(String given, String address, String network)
      throws UnknownHostException {
    assertEquals(Optional.of(address), PeerAddress.of(from(given)));
    assertEquals(network, PeerAddress.network(from(given)));
  }

  /** Whoever may write them may write anything. */
  @Test
  void headersSayNothing() throws UnknownHostException {
    var request =
        from("192.0.2.7")
            .addHeader(RawHeader.create("X-Forwarded-For", "127.0.0.1"))
            .addHeader(RawHeader.create("X-Real-IP", "127.0.0.1"))
            .addHeader(RawHeader.create("Remote-Address", "127.0.0.1"));
    assertEquals(Optional.of("192.0.2.7"), PeerAddress.of(request));
  }

  @Test
  void withoutAConnectionThereIsNone() {
    assertEquals(Optional.empty(), PeerAddress.of(HttpRequest.GET("http://localhost/")));
    assertEquals("unknown", PeerAddress.network(HttpRequest.GET("http://localhost/")));
  }
}
