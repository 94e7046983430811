package clawster.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerdictTest {

  private static final NameRule NAMES = new Apt().names();

  private static Verdict of(String action, String name) {
    return Verdict.of(NAMES, new Request(action, name, false));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "install, '', package required",
        "shell, '', package required",
        "install, bash-, invalid package name",
        "shell, bash-, invalid package name",
        "shell, bash, unknown action: shell",
        "INSTALL, bash, unknown action: INSTALL",
        "'', bash, 'unknown action:'",
        "query, '', package required",
        "update-index, bash, package not allowed",
        "list-outdated, bash-, package not allowed",
        "list, bash, package not allowed"
      })
  void whatIsRefusedIsRefusedInTheProtocolsWords(String action, String name, String error) {
    assertEquals(new Reply.Failed(FailureCode.VALIDATION, error), of(action, name));
  }

  @Test
  void everyActionCanBeOrdered() {
    for (var action : Action.values()) {
      var name = action.isNamed() ? PackageName.of(NAMES, "bash") : Optional.<PackageName>empty();
      assertEquals(
          new Order(action, name, false),
          of(action.wire(), name.map(PackageName::text).orElse("")));
    }
  }

  @Test
  void anOrderHasANameIfItsActionNeedsOne() {
    assertThrows(
        IllegalArgumentException.class, () -> new Order(Action.INSTALL, Optional.empty(), false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Order(Action.LIST, PackageName.of(NAMES, "bash"), false));
  }
}
