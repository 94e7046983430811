package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelProvidersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                                   | demo               "
            + "   | demo/demo",
        "OPENAI_API_KEY=k                                                     | demo,openai        "
            + "   | openai/gpt-5-mini",
        "OPENAI_API_KEY=k;OPENAI_BASE_URL=https://proxy.example/openai/v1/    | demo,openai        "
            + "   | openai/gpt-5-mini",
        "OPENAI_BASE_URL=http://localhost:11434/v1                            | demo,openai        "
            + "   | openai/llama3.2",
        "ANTHROPIC_API_KEY=k                                                  | anthropic,demo     "
            + "   | anthropic/claude-sonnet-4-5",
        "ANTHROPIC_API_KEY=k;ANTHROPIC_BASE_URL=http://localhost:9            | anthropic,demo     "
            + "   | anthropic/claude-sonnet-4-5",
        "ANTHROPIC_BASE_URL=http://localhost:9                                | demo               "
            + "   | demo/demo",
        "OPENAI_API_KEY=k;ANTHROPIC_API_KEY=k                                 |"
            + " anthropic,demo,openai | openai/gpt-5-mini",
        "OPENAI_API_KEY=k;ANTHROPIC_API_KEY=k;CLAWSTER_MODEL=anthropic/c      |"
            + " anthropic,demo,openai | anthropic/c",
        "OPENAI_API_KEY=k;CLAWSTER_MODEL=openai/meta/llama                    | demo,openai        "
            + "   | openai/meta/llama",
        "OPENAI_API_KEY=k;CLAWSTER_MODEL=demo/demo                            | demo,openai        "
            + "   | demo/demo",
        "OPENAI_API_KEY= ;OPENAI_BASE_URL=                                    | demo               "
            + "   | demo/demo"
      })
  void anEnvironmentMakesProviders(String env, String providers, String defaultModel) {
    var catalogue = ModelProviders.fromEnvironment(environment(env));
    assertEquals(Set.of(providers.split(",")), catalogue.providers());
    assertEquals(defaultModel, catalogue.defaultModel());
    assertEquals(defaultModel, catalogue.find(defaultModel).orElseThrow().name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLAWSTER_MODEL=openai/gpt",
        "CLAWSTER_MODEL=gpt",
        "CLAWSTER_MODEL=demo/",
        "CLAWSTER_MODEL=/demo",
        "OPENAI_BASE_URL=https://api.openai.com",
        "OPENAI_BASE_URL=https://api.openai.com/v1/chat/completions",
        "OPENAI_BASE_URL=localhost:11434/v1",
        "OPENAI_BASE_URL=ftp://x/v1",
        "OPENAI_BASE_URL=http://me:secret@x/v1",
        "OPENAI_BASE_URL=http://x/v1?a=b",
        "OPENAI_BASE_URL=http:// x/v1",
        "OPENAI_API_KEY=sec ret",
        "ANTHROPIC_BASE_URL=https://api.anthropic.com/v1;ANTHROPIC_API_KEY=k",
        "ANTHROPIC_BASE_URL=nowhere;ANTHROPIC_API_KEY=k",
        "ANTHROPIC_API_KEY=secret\u00e9"
      })
  void aWrongValueStopsTheStartAndNamesItself(String env) {
    var message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelProviders.fromEnvironment(environment(env)))
            .getMessage();
    assertTrue(message.startsWith(env.substring(0, env.indexOf('='))), message);
    assertEquals(1, message.lines().count());
    assertFalse(message.contains("sec"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "demo", "demo/", "/demo", "openai/gpt"})
  void aNameThatIsNotThereIsNotFound(String name) {
    assertEquals(Optional.empty(), ModelProviders.fromEnvironment(Map.of()).find(name));
  }

  @ParameterizedTest
  @CsvSource({
    "claude-3-haiku-20240307, true",
    "claude-3-5-sonnet-latest, true",
    "claude-sonnet-4-5, false",
    "claude-opus-4-1, false",
    "claude-9, false"
  })
  void onlyOlderClaudesContinueWhatTheyBegan(String model, boolean continues) {
    var catalogue = ModelProviders.fromEnvironment(Map.of("ANTHROPIC_API_KEY", "k"));
    assertEquals(
        continues,
        catalogue
            .find("anthropic/" + model)
            .orElseThrow()
            .capabilities()
            .continuesAssistantPrefix());
  }

  @Test
  void openAiIsAskedToGoOnInstead() {
    var catalogue = ModelProviders.fromEnvironment(Map.of("OPENAI_API_KEY", "k"));
    assertFalse(catalogue.find("openai/x").orElseThrow().capabilities().continuesAssistantPrefix());
  }

  private static Map<String, String> environment(String text) {
    var env = new TreeMap<String, String>();
    for (var assignment : text.split(";")) {
      var equals = assignment.indexOf('=');
      if (equals > 0) {
        env.put(assignment.substring(0, equals), assignment.substring(equals + 1));
      }
    }
    return env;
  }
}
