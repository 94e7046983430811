package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.limits.IpLiteral;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenConnectionsTest {

  private final AtomicInteger limit = new AtomicInteger(2);
  private final OpenConnections connections =
      new OpenConnections(limit::get, InetAddress::isLoopbackAddress);

  private static InetAddress address(String text) {
    return IpLiteral.of(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 203.0.113.9, 203.0.113.9, false",
    "203.0.113.9, ::ffff:203.0.113.9, 203.0.113.9, false",
    "2001:db8::1, 2001:db8::2, 2001:db8::3, false",
    "2001:db8::1, 2001:db8::2, 2001:db8:0:1::3, true",
    "203.0.113.9, 203.0.113.9, 203.0.113.8, true",
    "127.0.0.1, 127.0.0.1, 127.0.0.1, true",
  })
  void anAddressHasSoMany(String one, String two, String three, boolean entered) {
    assertTrue(connections.enter(address(one)));
    assertTrue(connections.enter(address(two)));
    assertEquals(entered, connections.enter(address(three)));
  }

  @Test
  void whoLeavesMakesRoomOnce() {
    var mallory = address("203.0.113.9");
    assertTrue(connections.enter(mallory));
    assertTrue(connections.enter(mallory));
    assertFalse(connections.enter(mallory));
    connections.leave(mallory);
    assertTrue(connections.enter(mallory));
    assertFalse(connections.enter(mallory));
    connections.leave(mallory);
    connections.leave(mallory);
    assertEquals(0, connections.addresses(), "nobody is remembered for ever");
  }

  /** Those that were opened before count too, and none is left over. */
  @Test
  void aLimitMayBeSetWhileTheyAreOpen() {
    var mallory = address("203.0.113.9");
    limit.set(0);
    for (int i = 0; i < 3; i++) {
      assertTrue(connections.enter(mallory));
    }
    limit.set(2);
    assertFalse(connections.enter(mallory));
    for (int i = 0; i < 3; i++) {
      connections.leave(mallory);
    }
    assertEquals(0, connections.addresses());
  }

  @Test
  void zeroIsNoLimit() {
    var unlimited = new OpenConnections(() -> 0, _ -> false);
    for (int i = 0; i < 1_000; i++) {
      assertTrue(unlimited.enter(address("203.0.113.9")));
    }
  }
}
