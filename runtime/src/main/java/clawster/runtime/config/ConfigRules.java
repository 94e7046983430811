package clawster.runtime.config;

import clawster.runtime.kernel.Decision;
import java.util.Map;
import java.util.Optional;

/** How the document is changed: whole or not at all. */
public final class ConfigRules {

  private ConfigRules() {}

  /**
   * The next document; none if it would be the same.
   *
   * @param changes plain values by name; an empty one sets it back to what it is otherwise
   * @param baseHash the hash of the document that the changes are meant for
   * @param fixed what the environment has set here
   */
  public static Decision<ConfigDocument> patch(
      ConfigDocument document,
      Map<String, Optional<Object>> changes,
      Optional<String> baseHash,
      ConfigDocument fixed) {
    if (baseHash.filter(hash -> !hash.equals(document.hash())).isPresent()) {
      return Decision.refused(ConfigProblems.STALE);
    }
    var next = document;
    for (var change : changes.entrySet()) {
      var setting = GatewaySettings.named(change.getKey());
      if (setting.isEmpty()) {
        return Decision.refused(ConfigProblems.unknown(change.getKey()));
      }
      if (fixed.has(setting.get())) {
        return Decision.refused(ConfigProblems.fixed(setting.get()));
      }
      var changed = changed(next, setting.get(), change.getValue());
      if (changed.isEmpty()) {
        return Decision.refused(ConfigProblems.wrong(setting.get()));
      }
      next = changed.get();
    }
    return next.equals(document) ? Decision.nothing() : Decision.happens(next);
  }

  private static Optional<ConfigDocument> changed(
      ConfigDocument document, Setting<?> setting, Optional<Object> plain) {
    return plain.isEmpty()
        ? Optional.of(document.without(setting))
        : document.set(setting, plain.get());
  }
}
