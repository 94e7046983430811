package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentNamesTest {

  private static String token(Map<String, String> environment) {
    return Settings.token(EnvironmentNames.ours(environment));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLAWSTER_GATEWAY_TOKEN",
        "GOCLAW_GATEWAY_TOKEN",
        "OPENCLAW_GATEWAY_TOKEN",
        "OPENCLAW_GATEWAY_PASSWORD"
      })
  void theTokenHasANameInEachProduct(String name) {
    assertEquals("secret", token(Map.of(name, "secret")));
  }

  @Test
  void oursGoesBeforeTheirsUnlessItIsBlank() {
    var both = Map.of("GOCLAW_GATEWAY_TOKEN", "old", "CLAWSTER_GATEWAY_TOKEN", "new");
    assertEquals("new", token(both));
    var blank = Map.of("GOCLAW_GATEWAY_TOKEN", "old", "CLAWSTER_GATEWAY_TOKEN", " ");
    assertEquals("old", token(blank));
    var theirs = Map.of("GOCLAW_GATEWAY_TOKEN", "", "OPENCLAW_GATEWAY_PASSWORD", "claw");
    assertEquals("claw", token(theirs));
  }

  @Test
  void whatIsNobodysAliasStaysAsItIs() {
    var environment = Map.of("HOME", "/root", "GOCLAW_PROVIDER", "anthropic");
    assertEquals(environment, EnvironmentNames.ours(environment));
  }

  @Test
  void everyAliasIsInTheReadme() throws Exception {
    var readme = Files.readString(Path.of("..", "README.md"));
    EnvironmentNames.ALIASES
        .values()
        .forEach(
            aliases ->
                aliases.forEach(alias -> assertTrue(readme.contains("`" + alias + "`"), alias)));
  }
}
