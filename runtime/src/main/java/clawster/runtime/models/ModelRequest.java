package clawster.runtime.models;

import java.util.List;
import java.util.Map;

/**
 * One call of a model. Messages go upstream in this order and as they are: none is merged or
 * invented.
 *
 * @param model the upstream's own model name, without a provider prefix
 * @param tools what the model may call, possibly empty
 * @param options sampling parameters under their OpenAI names ({@code temperature}, {@code
 *     max_tokens}, {@code response_format}, {@code tool_choice}, …) as plain JSON values; a client
 *     drops those its wire format has no word for
 */
public record ModelRequest(
    String model, List<ModelMessage> messages, List<ToolSpec> tools, Map<String, Object> options) {

  public ModelRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    options = Map.copyOf(options);
  }
}
