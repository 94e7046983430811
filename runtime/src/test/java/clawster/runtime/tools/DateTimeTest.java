package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DateTimeTest {

  /** One second before summer time begins in Oslo. */
  private static final Instant NOW = Instant.parse("2026-03-29T00:59:59.999Z");

  private static final ToolContext CONTEXT =
      new ToolContext("agent:writer:desk", "call_1", Path.of("workspace"));

  private final DateTime tool = new DateTime(Clock.fixed(NOW, ZoneOffset.ofHours(-9)));

  @ParameterizedTest
  @CsvSource({
    "UTC, 2026-03-29T00:59:59Z SUNDAY UTC",
    "Europe/Oslo, 2026-03-29T01:59:59+01:00 SUNDAY Europe/Oslo",
    "America/New_York, 2026-03-28T20:59:59-04:00 SATURDAY America/New_York",
    "Asia/Kathmandu, 2026-03-29T06:44:59+05:45 SUNDAY Asia/Kathmandu",
    "+02:00, 2026-03-29T02:59:59+02:00 SUNDAY +02:00"
  })
  void theTimeIsToldWhereItIsAskedFor(String zone, String told) {
    assertEquals(ToolResult.ok(told), run("{\"timezone\":\"" + zone + "\"}"));
  }

  @Test
  void summerTimeBegins() {
    var later = new DateTime(Clock.fixed(NOW.plusMillis(1), ZoneOffset.UTC));
    assertEquals(
        ToolResult.ok("2026-03-29T03:00:00+02:00 SUNDAY Europe/Oslo"),
        later.run(CONTEXT, "{\"timezone\":\"Europe/Oslo\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"timezone\":null}", "{\"zone\":\"Europe/Oslo\"}"})
  void whereNoZoneIsGivenItIsUtc(String arguments) {
    assertEquals(ToolResult.ok("2026-03-29T00:59:59Z SUNDAY UTC"), run(arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mars/Phobos", "europe/oslo", "Europe/Oslo; rm -rf /", "+25:00", ""})
  void anUnknownZoneIsNamed(String zone) {
    assertEquals(
        ToolResult.error("unknown time zone: " + zone), run("{\"timezone\":\"" + zone + "\"}"));
  }

  @Test
  void argumentsAreAnObject() {
    assertEquals(ToolResult.error("the arguments are not a JSON object"), run("[\"Europe/Oslo\"]"));
  }

  @Test
  void askingTwiceDoesNoHarm() {
    assertTrue(tool.idempotent());
  }

  private ToolResult run(String arguments) {
    return tool.run(CONTEXT, arguments);
  }
}
