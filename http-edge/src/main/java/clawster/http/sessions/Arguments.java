package clawster.http.sessions;

import clawster.http.kernel.JsonBody;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** A call's arguments as JSON; what the model wrote if that is not JSON. */
final class Arguments {

  private Arguments() {}

  static JsonNode tree(String arguments) {
    try {
      var tree = JsonBody.MAPPER.readTree(arguments.isBlank() ? "{}" : arguments);
      return tree.isObject() ? tree : TextNode.valueOf(arguments);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(arguments);
    }
  }
}
