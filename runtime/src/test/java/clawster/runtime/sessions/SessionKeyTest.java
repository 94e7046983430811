package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SessionKeyTest {

  @Test
  void anyTextWithoutControlCharactersIsAKey() {
    for (var text :
        List.of(
            "a",
            "agent:writer:desk",
            "agent:writer:ws:direct:kari@example.org",
            "../../etc/passwd",
            " leading",
            "with space",
            "møte ✅",
            "k".repeat(SessionKey.MAX_LENGTH))) {
      assertEquals(text, SessionKey.parse(text).orElseThrow().value());
    }
  }

  @Test
  void nothingElseIsOne() {
    for (var text :
        List.of(
            "",
            " ",
            "\u2003",
            "a\u0000",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\u007f",
            "a\u0085b",
            "k".repeat(SessionKey.MAX_LENGTH + 1))) {
      assertEquals(Optional.empty(), SessionKey.parse(text), text);
      assertThrows(IllegalArgumentException.class, () -> new SessionKey(text), text);
    }
  }

  @Test
  void someKeysNameAnAgent() {
    assertEquals(Optional.of("writer"), new SessionKey("agent:writer:desk").agent());
    assertEquals(Optional.of("writer"), new SessionKey("agent:writer:ws:direct:1").agent());
    assertEquals(Optional.of("writer"), new SessionKey("agent:writer:").agent());
    for (var text : List.of("desk", "agent", "agent:writer", "agent::desk", "Agent:writer:desk")) {
      assertEquals(Optional.empty(), new SessionKey(text).agent(), text);
    }
  }

  @Test
  void theIdFollowsFromTheKeyForEver() {
    assertEquals(
        "c2177d52-766d-36a3-8db1-bd240bca3a1d",
        SessionId.of(new SessionKey("agent:writer:desk")).toString());
    assertNotEquals(SessionId.of(new SessionKey("a")), SessionId.of(new SessionKey("A")));
    assertNotEquals(SessionId.of(new SessionKey("a")), SessionId.of(new SessionKey("a ")));
  }
}
