package clawster.runtime.tools;

import clawster.runtime.models.ToolSpec;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Tells date and time in a time zone. Idempotent: asking twice changes nothing. */
final class DateTime implements Tool {

  private static final ToolSpec SPEC =
      new ToolSpec(
          "datetime",
          "Tells the current date, time and weekday in a time zone (UTC if none is given).",
          """
          {"type":"object","properties":{"timezone":{"type":"string",\
          "description":"IANA name such as Europe/Oslo"}},"additionalProperties":false}\
          """);

  private final Clock clock;

  DateTime(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public boolean idempotent() {
    return true;
  }

  @Override
  public ToolResult run(ToolContext context, String arguments) {
    var parsed = Arguments.parse(arguments);
    if (parsed.isEmpty()) {
      return ToolResult.error("the arguments are not a JSON object");
    }
    var zone = parsed.get().text("timezone").orElse("UTC");
    try {
      var now = ZonedDateTime.now(clock.withZone(ZoneId.of(zone))).truncatedTo(ChronoUnit.SECONDS);
      return ToolResult.ok(
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now)
              + " "
              + now.getDayOfWeek()
              + " "
              + now.getZone());
    } catch (DateTimeException e) {
      return ToolResult.error("unknown time zone: " + zone);
    }
  }
}
