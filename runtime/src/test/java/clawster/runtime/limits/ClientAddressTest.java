package clawster.runtime.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientAddressTest {

  private static InetAddress address(String text) {
    return IpLiteral.of(text).orElseThrow(() -> new AssertionError(text));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "::ffff:192.0.2.7, 192.0.2.7",
    "::ffff:c000:207, 192.0.2.7",
    "0:0:0:0:0:FFFF:192.0.2.7, 192.0.2.7",
    "2001:db8:1:2::1, 2001:db8:1:2::/64",
    "2001:0DB8:0001:0002:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
    "2001:db8:1:3::1, 2001:db8:1:3::/64",
    "fe80::1, fe80:0:0:0::/64",
    "127.0.0.1, loopback",
    "127.9.8.7, loopback",
    "::1, loopback",
    "::ffff:127.0.0.1, loopback",
    "0.0.0.0, 0.0.0.0",
  })
  void oneCallerIsOneKeyHoweverItIsWritten(String written, String key) {
    var client = ClientAddress.of(address(written));
    assertEquals(key, client.key());
    assertEquals(key.equals("loopback"), client.local());
  }

  /** A proxy cannot make anybody local. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
  void whoIsSpokenForIsNeverLocal(String written) {
    var client = ClientAddress.forwarded(address(written));
    assertEquals(false, client.local());
    assertTrue(!client.key().equals(ClientAddress.LOCAL.key()), client.key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "example.org",
        "1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "256.0.0.1",
        "01.2.3.4",
        " 1.2.3.4",
        "1.2.3.4\n",
        "1.2.3.4:80",
        "[::1]",
        "fe80::1%eth0",
        "fe80::1%1",
        ":::",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "::ffff:1.2.3",
        "unknown",
        "_hidden",
        "١٢٧.٠.٠.١"
      })
  void whatIsNoAddressIsNone(String text) {
    assertTrue(IpLiteral.of(text).isEmpty(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.9.8.7/8, 10.0.0.1, true",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, ::ffff:192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 8.8.8.8, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1, ::1, true",
    "128.0.0.0/1, 255.0.0.1, true",
    "128.0.0.0/1, 127.0.0.1, false",
  })
  void aNetworkIsItsFirstBits(String network, String address, boolean inside) {
    assertEquals(inside, Network.parse(network).contains(address(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "::/129",
        "proxy.example",
        "10/8",
        "10.0.0.0/ 8",
        "*"
      })
  void whatIsNoNetworkIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
  }

  @Test
  void nobodyIsNotLocal() {
    assertEquals(false, ClientAddress.UNKNOWN.local());
  }
}
