package clawster.runtime.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PairingCodeTest {

  @Test
  void codesAreMadeOfAllOfTheAlphabetAndNothingElse() {
    var seen = new HashSet<Integer>();
    for (int i = 0; i < 1_000; i++) {
      var text = PairingCode.next().text();
      assertEquals(8, text.length());
      text.chars().forEach(seen::add);
    }
    assertEquals(
        "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".chars().boxed().collect(Collectors.toSet()), seen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABCD2345", "abcd2345", " Abcd2345\t"})
  void aCodeIsReadAsItIsTyped(String typed) {
    assertEquals(Optional.of(new PairingCode("ABCD2345")), PairingCode.of(typed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ABCD234",
        "ABCD23456",
        "ABCD234I",
        "ABCD234O",
        "ABCD2340",
        "ABCD2341",
        "ABCD-234",
        "ABCD234ı",
        "' or 1=1",
        "АBCD2345"
      })
  void whatIsNoneIsNone(String typed) {
    assertEquals(Optional.empty(), PairingCode.of(typed));
    assertThrows(IllegalArgumentException.class, () -> new PairingCode(typed));
  }

  @Test
  void logsDoNotSayIt() {
    assertTrue(PairingCode.next().toString().matches("\\*+"));
  }
}
