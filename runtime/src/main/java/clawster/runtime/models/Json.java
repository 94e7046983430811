package clawster.runtime.models;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * JSON as both wire formats need it: read in one pass without a tree, written straight to bytes.
 */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();
  static final JsonFactory FACTORY = MAPPER.getFactory();

  private Json() {}

  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  static byte[] bytes(Writing writing) {
    var bytes = new ByteArrayOutputStream(1 << 10);
    try (var json = FACTORY.createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException("bytes in memory cannot fail to be written", impossible);
    }
    return bytes.toByteArray();
  }

  /** The value of the current field as text; empty for null and for anything that is not text. */
  static String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  /**
   * The value of the current field as a count; 0 for null and for anything that is not a number.
   */
  static long count(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return Math.max(0, json.getLongValue());
    }
    json.skipChildren();
    return 0;
  }

  /** The value of the current field as JSON text. */
  static String raw(JsonParser json) throws IOException {
    return json.readValueAsTree().toString();
  }

  /** Steps to the value of the next field and says whether there was one. */
  static boolean nextField(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.FIELD_NAME) {
      return false;
    }
    json.nextToken();
    return true;
  }

  /** Writes JSON text that somebody else made, after checking that it is an object. */
  static void writeObject(JsonGenerator json, String text, String what) throws IOException {
    try {
      var tree = MAPPER.readTree(text);
      if (tree.isObject()) {
        json.writeTree(tree);
        return;
      }
    } catch (JacksonException _) {
      // Said below, in the words of whoever sent it.
    }
    throw new ModelFailure(ModelFailure.Kind.REFUSED, what + " is not a JSON object");
  }

  static ModelFailure malformed() {
    return new ModelFailure(
        ModelFailure.Kind.MALFORMED, "the model's answer is not the JSON it should be");
  }
}
