package clawster.http.socket;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Sentences;
import clawster.runtime.kernel.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * What one text message says: {@code req} from a client; {@code res} and {@code event} to it. The
 * ids of GoClaw's document are numbers and its frames' are texts, so both are taken, and given back
 * as they came.
 */
sealed interface Frame {

  /** Characters of an id, or of a method's name. */
  int MAX_NAME = 255;

  JsonNode NO_ID = TextNode.valueOf("");

  /** A client's, who waits for what comes of it under the same id. */
  record Request(JsonNode id, String method, JsonBody params) implements Frame {}

  /** Nobody knows what it asks for. */
  record Broken(JsonNode id, Problem problem) implements Frame {}

  static Frame read(ByteString text) {
    JsonBody frame;
    try {
      frame = JsonBody.object(text);
    } catch (BadRequest e) {
      return new Broken(NO_ID, e.problem());
    }
    var id = frame.raw("id").filter(Frame::isId).orElse(NO_ID);
    try {
      if (!frame.text("type").equals(Optional.of("req"))) {
        throw new BadRequest(SocketProblems.TYPE);
      }
      if (id == NO_ID) {
        throw new BadRequest(SocketProblems.ID);
      }
      var method = frame.line("method").filter(name -> name.length() <= MAX_NAME);
      return new Request(
          id,
          method.orElseThrow(() -> new BadRequest(SocketProblems.METHOD)),
          frame.child("params").orElseGet(JsonBody::empty));
    } catch (BadRequest e) {
      return new Broken(id, e.problem());
    }
  }

  private static boolean isId(JsonNode id) {
    return id.isTextual()
        ? !id.asText().isEmpty() && id.asText().length() <= MAX_NAME
        : id.isIntegralNumber() && id.canConvertToLong();
  }

  static ObjectNode response(JsonNode id, JsonNode payload) {
    var frame = of("res");
    frame.set("id", id);
    frame.put("ok", true).set("payload", payload);
    return frame;
  }

  static ObjectNode refusal(JsonNode id, Problem problem, Language language) {
    var frame = of("res");
    frame.set("id", id);
    var error = frame.put("ok", false).putObject("error");
    error.put("code", WireCode.of(problem.kind()).name());
    error.put("message", Sentences.of(problem, language));
    error.putObject("details").put("code", problem.code());
    if (!problem.retryAfter().isZero()) {
      error.put("retryable", true).put("retryAfterMs", problem.retryAfter().toMillis());
    }
    return frame;
  }

  static ObjectNode event(String name, ObjectNode payload) {
    var frame = of("event");
    frame.put("event", name).set("payload", payload);
    return frame;
  }

  private static ObjectNode of(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
