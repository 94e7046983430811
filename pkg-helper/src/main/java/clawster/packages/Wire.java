package clawster.packages;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * How lines are written as JSON and read. A reader takes exactly what it knows: a name twice, a
 * value of another type, anything after the end make a line unreadable, since two readers of one
 * line must not find two things in it.
 */
final class Wire {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(RequestLine.MAX_BYTES)
                  .maxNameLength(64)
                  .maxNumberLength(20)
                  .build())
          .build();

  private Wire() {}

  /** A line that is not what it should be. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String why) {
      super(why);
    }
  }

  @FunctionalInterface
  interface Field {
    /** The parser stands at the value. */
    void read(String name, JsonParser value) throws IOException, Unreadable;
  }

  @FunctionalInterface
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  static String write(Body body) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes everything", e);
    }
    return text.toString();
  }

  static void read(String line, Field field) throws Unreadable {
    try (var json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Unreadable("not an object");
      }
      object(json, field);
      if (json.nextToken() != null) {
        throw new Unreadable("more than an object");
      }
    } catch (IOException e) {
      throw new Unreadable("not JSON");
    }
  }

  /** The parser stands at the beginning of an object, and then at its end. */
  static void object(JsonParser json, Field field) throws IOException, Unreadable {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      json.nextToken();
      field.read(name, json);
    }
  }

  static String text(JsonParser value) throws IOException, Unreadable {
    if (value.currentToken() != JsonToken.VALUE_STRING) {
      throw new Unreadable("not a string");
    }
    return value.getText();
  }

  static boolean truth(JsonParser value) throws Unreadable {
    return switch (value.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw new Unreadable("neither true nor false");
    };
  }
}
