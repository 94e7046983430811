package clawster.runtime.tools;

import clawster.runtime.models.ToolSpec;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tools that run here, by name. */
public final class Toolbox {

  private final Map<String, Tool> tools;

  public Toolbox(Collection<Tool> tools) {
    var byName = new LinkedHashMap<String, Tool>();
    for (var tool : tools) {
      if (byName.put(tool.spec().name(), tool) != null) {
        throw new IllegalArgumentException("two tools are named " + tool.spec().name());
      }
    }
    this.tools = Map.copyOf(byName);
  }

  public static Toolbox standard(Clock clock) {
    return new Toolbox(List.of(new DateTime(clock), new WriteFile()));
  }

  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  public List<ToolSpec> specs() {
    return tools.values().stream()
        .map(Tool::spec)
        .sorted(java.util.Comparator.comparing(ToolSpec::name))
        .toList();
  }
}
