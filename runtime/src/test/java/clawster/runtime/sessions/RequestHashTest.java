package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestHashTest {

  private static RequestHash hash(String body, String... words) {
    return RequestHash.of(List.of(words), body.getBytes());
  }

  @Test
  void theSameIsTheSame() {
    assertEquals(hash("body", "POST", "/"), hash("body", "POST", "/"));
    assertEquals(43, hash("").value().length());
  }

  @Test
  void everyWordAndItsPlaceCount() {
    assertNotEquals(hash("body", "a", "b"), hash("body", "b", "a"));
    assertNotEquals(hash("body", "a", ""), hash("body", "", "a"));
    assertNotEquals(hash("body", "ab", "c"), hash("body", "a", "bc"));
    assertNotEquals(hash("body", "a"), hash("Body", "a"));
    assertNotEquals(hash("body", "a"), hash("body"));
  }
}
