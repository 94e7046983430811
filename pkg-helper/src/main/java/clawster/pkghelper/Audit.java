package clawster.pkghelper;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Who asked for what and what became of it: a JSON object a line, of ASCII, so that nobody forges a
 * line or hides in one. It goes to the output, for whoever keeps logs here, and at a bounded rate
 * ({@link Repetition}).
 */
final class Audit implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final PrintStream out;
  private final InstantSource clock;
  private final Repetition repetition = new Repetition();

  Audit(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param fields name, value, name, value; a long value is cut
   */
  synchronized void note(String event, String... fields) {
    tellCounts();
    var entry = Entry.of(event, fields);
    if (repetition.admits(entry, clock.instant())) {
      write(List.of(entry));
    } else {
      notifyAll();
    }
  }

  /** Counts are told in time also where nothing else happens; until the thread is interrupted. */
  synchronized void keepTelling() {
    try {
      while (true) {
        if (repetition.isCounting()) {
          wait(Repetition.AGAIN.toMillis());
        } else {
          wait();
        }
        tellCounts();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellCounts() {
    write(repetition.due(clock.instant()));
  }

  /** Tells what is still counted. */
  @Override
  public synchronized void close() {
    write(repetition.rest(clock.instant()));
  }

  private void write(List<Entry> entries) {
    entries.forEach(entry -> out.println(line(entry)));
    out.flush();
  }

  private String line(Entry entry) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeStringField("event", entry.event());
      for (int at = 0; at + 1 < entry.fields().size(); at += 2) {
        json.writeStringField(entry.fields().get(at), entry.fields().get(at + 1));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes everything", e);
    }
    return line.toString();
  }
}
