package clawster.runtime.sessions;

import clawster.runtime.models.ToolSpec;
import java.util.List;
import java.util.Map;

/**
 * How a caller wants a run to be done.
 *
 * @param model {@code provider/model}, or empty for the session's or agent's
 * @param clientTools tools the caller runs itself
 * @param options sampling parameters under their OpenAI names
 */
public record RunSpec(String model, List<ToolSpec> clientTools, Map<String, Object> options) {

  public RunSpec {
    clientTools = List.copyOf(clientTools);
    options = Map.copyOf(options);
  }

  public static final RunSpec PLAIN = new RunSpec("", List.of(), Map.of());

  public boolean isClientTool(String name) {
    return clientTools.stream().anyMatch(tool -> tool.name().equals(name));
  }
}
