package clawster.runtime.models;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which models there are to talk to, by names of the form {@code provider/model}. The model's own
 * name may hold slashes too; only the first one separates.
 */
public final class ModelCatalogue {

  private final Map<String, ModelClient> providers;
  private final String defaultModel;

  /** A model's client, and the name the client knows it by. */
  public record Entry(String provider, String model, ModelClient client) {

    public String name() {
      return provider + "/" + model;
    }

    public ModelCapabilities capabilities() {
      return client.capabilities(model);
    }
  }

  public ModelCatalogue(Map<String, ModelClient> providers, String defaultModel) {
    this.providers = Map.copyOf(providers);
    this.defaultModel = defaultModel;
    if (find(defaultModel).isEmpty()) {
      throw new IllegalArgumentException(
          "the default model " + defaultModel + " is not in the catalogue");
    }
  }

  /** Empty for a provider that is not configured, and for a name that is not of the form. */
  public Optional<Entry> find(String name) {
    var slash = name.indexOf('/');
    return slash < 1 || slash == name.length() - 1
        ? Optional.empty()
        : Optional.ofNullable(providers.get(name.substring(0, slash)))
            .map(client -> new Entry(name.substring(0, slash), name.substring(slash + 1), client));
  }

  /** The model for those who do not choose, as {@code provider/model}. */
  public String defaultModel() {
    return defaultModel;
  }

  public Set<String> providers() {
    return new TreeMap<>(providers).navigableKeySet();
  }
}
