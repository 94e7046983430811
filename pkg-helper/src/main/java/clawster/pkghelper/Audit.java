package clawster.pkghelper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;

/**
 * Who asked for what and what became of it: a JSON object a line, of ASCII, so that nobody forges a
 * line or hides in one. It goes to the output, for whoever keeps logs here.
 */
final class Audit {

  private static final int MAX_LENGTH = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final PrintStream out;
  private final Clock clock;

  Audit(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param fields name, value, name, value; a long value is cut
   */
  void note(String event, String... fields) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeStringField("event", event);
      for (int at = 0; at + 1 < fields.length; at += 2) {
        json.writeStringField(fields[at], cut(fields[at + 1]));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes everything", e);
    }
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private static String cut(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
  }
}
