package clawster.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SenderIdTest {

  private static final String TEXT =
      "browser-01890a5d-ac96-774b-bcce-b302099a8057-0123456789abcdef0123456789abcdef";

  @Test
  void itIsReadAsItWasSaid() {
    var sender = SenderId.next();
    var read = SenderId.of(sender.reveal()).orElseThrow();
    assertEquals(sender.device(), read.device());
    assertEquals(sender.hash(), read.hash());
    assertNotEquals(SenderId.next().hash(), sender.hash());
  }

  @Test
  void othersSeeTheHalfThatOpensNothing() {
    var sender = SenderId.of(TEXT).orElseThrow();
    assertEquals(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"), sender.device());
    assertEquals("browser-01890a5d-ac96-774b-bcce-b302099a8057", sender.shown());
    assertEquals(sender.shown(), sender.toString());
    assertFalse(SenderId.of(sender.shown()).isPresent());
    assertTrue(sender.hash().matches("[0-9a-f]{64}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "12345",
        "telegram-42",
        "browser-",
        "browser-01890a5d-ac96-774b-bcce-b302099a8057-0123456789abcdef0123456789abcde",
        "browser-01890a5d-ac96-774b-bcce-b302099a8057-0123456789abcdef0123456789abcdef0",
        "browser-01890A5D-AC96-774B-BCCE-B302099A8057-0123456789abcdef0123456789abcdef",
        "' or 1=1 --"
      })
  void whatIsNoneIsNone(String text) {
    assertEquals(Optional.empty(), SenderId.of(text));
  }
}
