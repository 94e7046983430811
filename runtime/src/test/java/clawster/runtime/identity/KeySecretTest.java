package clawster.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeySecretTest {

  @Test
  void itIsOfTheFormThatClientsKnow() {
    var secret = KeySecret.next();
    assertTrue(secret.reveal().matches("goclaw_[0-9a-f]{32}"), secret.reveal());
    assertEquals(secret.reveal().substring(0, 15), secret.prefix());
    assertEquals(secret.hash(), KeySecret.of(secret.reveal()).orElseThrow().hash());
    assertNotEquals(secret.reveal(), KeySecret.next().reveal());
  }

  /** As {@code printf goclaw_… | sha256sum} says. */
  @Test
  void itsHashIsThatOfTheWholeText() {
    assertEquals(
        "faf78529b41f582f17b1749175a7da14c4fc77d6204c49c68500bc27515cfcfd",
        KeySecret.of("goclaw_00112233445566778899aabbccddeeff").orElseThrow().hash());
  }

  @Test
  void itIsNotSaidByAccident() {
    var secret = KeySecret.next();
    assertEquals("***", secret.toString());
    assertEquals("***", String.valueOf((Object) secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "goclaw_",
        "goclaw_00112233445566778899aabbccddeef",
        "goclaw_00112233445566778899aabbccddeeff0",
        "goclaw_00112233445566778899AABBCCDDEEFF",
        "GOCLAW_00112233445566778899aabbccddeeff",
        " goclaw_00112233445566778899aabbccddeeff",
        "goclaw_00112233445566778899aabbccddeeff\n",
        "goclaw_0011223344556677' OR 1=1--899aab",
        "sk-00112233445566778899aabbccddeeff"
      })
  void whatCannotBeOneIsNotLookedFor(String text) {
    assertTrue(KeySecret.of(text).isEmpty());
  }
}
