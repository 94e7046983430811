package clawster.stories;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Server-sent events as they come; closing it hangs up. */
public final class Events implements AutoCloseable {

  /**
   * @param name empty where none was said
   */
  public record Event(String name, String id, String data) {

    public JsonNode json() {
      try {
        return Answer.JSON.readTree(data);
      } catch (JsonProcessingException e) {
        throw new AssertionError(data, e);
      }
    }

    public boolean isDone() {
      return data.equals("[DONE]");
    }

    /** The text of a chat completion's chunk. */
    public String delta() {
      return isDone() ? "" : json().at("/choices/0/delta/content").asText("");
    }
  }

  private final int status;
  private final HttpHeaders headers;
  private final InputStream body;
  private final BufferedReader lines;

  Events(int status, HttpHeaders headers, InputStream body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  public int status() {
    return status;
  }

  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The next event; empty at the end. Comments are passed over. */
  public Optional<Event> next() {
    var name = "";
    var id = "";
    var data = "";
    try {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !data.isEmpty()) {
          return Optional.of(new Event(name, id, data));
        } else if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
          data = line.substring("data: ".length());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All up to the first that is as asked for, with it. */
  public List<Event> until(Predicate<Event> last) {
    var all = new ArrayList<Event>();
    for (var event = next(); event.isPresent(); event = next()) {
      all.add(event.get());
      if (last.test(event.get())) {
        return all;
      }
    }
    throw new AssertionError("the stream ended after " + all);
  }

  public List<Event> toTheEnd() {
    var all = new ArrayList<Event>();
    for (var event = next(); event.isPresent(); event = next()) {
      all.add(event.get());
    }
    return all;
  }

  /** The text of all deltas there are, to the stream's end. */
  String text() {
    return toTheEnd().stream().map(Event::delta).collect(Collectors.joining());
  }

  /** The text of an answer that is said to be whole; hangs up. */
  String wholeText() {
    try {
      return until(Event::isDone).stream().map(Event::delta).collect(Collectors.joining());
    } finally {
      close();
    }
  }

  /** Not the reader, which whoever waits for a line holds. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
