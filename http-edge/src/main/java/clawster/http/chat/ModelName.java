package clawster.http.chat;

import java.util.List;
import java.util.Optional;

/**
 * What {@code model} names. {@code goclaw:KEY} and {@code agent:KEY} are GoClaw's, {@code
 * openclaw}, {@code openclaw/KEY} and {@code openclaw:KEY} OpenClaw's; a bare agent key names that
 * agent.
 *
 * @param agent the agent it names; empty for a plain {@code openclaw}, which takes the default one
 * @param openclaw whether OpenClaw's rules for kept sessions hold
 * @param prefixed whether it names an agent in so many words, rather than perhaps being one's bare
 *     key
 */
record ModelName(Optional<String> agent, boolean openclaw, boolean prefixed) {

  private static final List<String> PREFIXES = List.of("goclaw:", "agent:");

  static ModelName parse(String model) {
    for (var prefix : PREFIXES) {
      if (model.startsWith(prefix)) {
        return new ModelName(Optional.of(model.substring(prefix.length())), false, true);
      }
    }
    if (model.equals("openclaw")) {
      return new ModelName(Optional.empty(), true, true);
    }
    if (model.startsWith("openclaw/") || model.startsWith("openclaw:")) {
      return new ModelName(Optional.of(model.substring("openclaw/".length())), true, true);
    }
    return new ModelName(Optional.of(model), false, false);
  }
}
