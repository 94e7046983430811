package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ToolSpec;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ToolboxTest {

  private static final Toolbox STANDARD = Toolbox.standard(Clock.systemUTC());

  @Test
  void specsAreInTheOrderOfTheirNamesSoThatRequestsAreAlike() {
    var names = STANDARD.specs().stream().map(ToolSpec::name).toList();
    assertEquals(List.of("datetime", "write_file"), names);
    assertEquals(
        STANDARD.specs(),
        new Toolbox(List.of(new WriteFile(), new DateTime(Clock.systemUTC()))).specs());
  }

  @Test
  void everyToolIsFoundByItsName() {
    for (var spec : STANDARD.specs()) {
      assertEquals(spec, STANDARD.find(spec.name()).orElseThrow().spec());
    }
    assertEquals(Optional.empty(), STANDARD.find("exec"));
    assertEquals(Optional.empty(), STANDARD.find("DateTime"));
  }

  @Test
  void everyToolDescribesItsArguments() throws IOException {
    for (var spec : STANDARD.specs()) {
      var schema = new ObjectMapper().readTree(spec.parameters());
      assertEquals("object", schema.path("type").asText(), spec.name());
      assertTrue(spec.name().matches("[a-zA-Z0-9_-]{1,64}"), spec.name());
      schema
          .path("required")
          .forEach(name -> assertTrue(schema.path("properties").has(name.asText()), spec.name()));
    }
  }

  @Test
  void twoToolsOfOneNameAreRefused() {
    var twice = List.<Tool>of(new WriteFile(), new WriteFile());
    assertThrows(IllegalArgumentException.class, () -> new Toolbox(twice));
  }
}
