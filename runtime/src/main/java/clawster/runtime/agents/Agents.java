package clawster.runtime.agents;

import java.util.List;
import java.util.Optional;

/** The agents there are. */
public interface Agents {

  /** The agent of callers that name none. */
  String DEFAULT = "default";

  Optional<Agent> find(String key);

  List<Agent> all();

  /** A fixed list, first in code and later from storage. */
  static Agents of(List<Agent> agents) {
    var fixed = List.copyOf(agents);
    return new Agents() {
      @Override
      public Optional<Agent> find(String key) {
        return fixed.stream().filter(agent -> agent.key().equals(key)).findFirst();
      }

      @Override
      public List<Agent> all() {
        return fixed;
      }
    };
  }
}
