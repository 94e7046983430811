package clawster.runtime.agents;

import java.util.regex.Pattern;

/**
 * An agent.
 *
 * @param key a slug, unique
 * @param model {@code provider/model}
 * @param systemPrompt what the model is told first; empty for nothing
 */
public record Agent(String key, String displayName, String model, String systemPrompt) {

  private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  public Agent {
    if (!SLUG.matcher(key).matches() || key.length() > 100) {
      throw new IllegalArgumentException("not an agent key: " + key);
    }
  }
}
