package clawster.runtime.models;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The providers an environment configures.
 *
 * <pre>
 * OPENAI_API_KEY       makes provider openai
 * OPENAI_BASE_URL      where it is, ending in /v1; alone it makes openai too, without a key (local servers)
 * ANTHROPIC_API_KEY    makes provider anthropic
 * ANTHROPIC_BASE_URL   where it is, without /v1
 * CLAWSTER_MODEL       the default model, as provider/model
 * </pre>
 *
 * Provider demo is always there, and the default where nothing else is. A value that cannot be
 * right stops the start with an {@link IllegalArgumentException} of one line that names the
 * variable, never a key.
 */
public final class ModelProviders {

  public static final String OPENAI_DEFAULT_MODEL = "gpt-5-mini";

  /** For an OpenAI-compatible server that wants no key: what such a server most likely has. */
  public static final String LOCAL_DEFAULT_MODEL = "llama3.2";

  public static final String ANTHROPIC_DEFAULT_MODEL = "claude-sonnet-4-5";
  public static final String DEMO_DEFAULT_MODEL = "demo";

  private static final String OPENAI_BASE_URL = "https://api.openai.com/v1";
  private static final String ANTHROPIC_BASE_URL = "https://api.anthropic.com";
  private static final String API_VERSION_PATH = "/v1";

  private final Map<String, String> env;
  private final Upstream upstream;
  private final Map<String, ModelClient> clients = new LinkedHashMap<>();
  private final Map<String, String> defaults = new LinkedHashMap<>();

  private ModelProviders(Map<String, String> env, Upstream upstream) {
    this.env = env;
    this.upstream = upstream;
  }

  public static ModelCatalogue fromEnvironment(Map<String, String> env) {
    return fromEnvironment(env, Upstream.create());
  }

  public static ModelCatalogue fromEnvironment(Map<String, String> env, Upstream upstream) {
    return new ModelProviders(env, upstream).catalogue();
  }

  private ModelCatalogue catalogue() {
    addOpenAi();
    addAnthropic();
    add("demo", new DemoModel(), DEMO_DEFAULT_MODEL);
    var first = defaults.entrySet().iterator().next();
    var model =
        value("CLAWSTER_MODEL").map(this::known).orElse(first.getKey() + "/" + first.getValue());
    return new ModelCatalogue(clients, model);
  }

  private void addOpenAi() {
    var key = key("OPENAI_API_KEY");
    var base = value("OPENAI_BASE_URL");
    if (key.isPresent() || base.isPresent()) {
      var uri = openAiBase(base.orElse(OPENAI_BASE_URL));
      var client = new OpenAiClient(upstream, uri, key, new ModelCapabilities(false));
      add("openai", client, key.isPresent() ? OPENAI_DEFAULT_MODEL : LOCAL_DEFAULT_MODEL);
    }
  }

  private void addAnthropic() {
    key("ANTHROPIC_API_KEY")
        .ifPresent(
            key -> {
              var uri = anthropicBase(value("ANTHROPIC_BASE_URL").orElse(ANTHROPIC_BASE_URL));
              add("anthropic", new AnthropicClient(upstream, uri, key), ANTHROPIC_DEFAULT_MODEL);
            });
  }

  private void add(String provider, ModelClient client, String defaultModel) {
    clients.put(provider, client);
    defaults.put(provider, defaultModel);
  }

  private String known(String model) {
    var slash = model.indexOf('/');
    if (slash < 1 || slash == model.length() - 1) {
      throw wrong(
          "CLAWSTER_MODEL",
          "must be provider/model, such as openai/" + OPENAI_DEFAULT_MODEL + ", not " + model);
    }
    var provider = model.substring(0, slash);
    if (!clients.containsKey(provider)) {
      throw wrong(
          "CLAWSTER_MODEL",
          "names provider "
              + provider
              + ", but configured are only "
              + String.join(", ", clients.keySet()));
    }
    return model;
  }

  private static URI openAiBase(String value) {
    var base = url("OPENAI_BASE_URL", value);
    if (!base.getPath().endsWith(API_VERSION_PATH)) {
      throw wrong("OPENAI_BASE_URL", "must end in /v1, not as " + value);
    }
    return base;
  }

  private static URI anthropicBase(String value) {
    var base = url("ANTHROPIC_BASE_URL", value);
    if (base.getPath().endsWith(API_VERSION_PATH)) {
      throw wrong("ANTHROPIC_BASE_URL", "must not end in /v1: the client adds it to " + value);
    }
    return base;
  }

  private static URI url(String variable, String value) {
    try {
      var url = new URI(value.replaceAll("/+$", ""));
      var http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getQuery() == null
          && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Said below, for both ways of being wrong.
    }
    throw wrong(
        variable, "must be an http or https URL with a host and no user, query or fragment");
  }

  private Optional<String> key(String variable) {
    var key = value(variable);
    if (key.filter(secret -> secret.chars().anyMatch(octet -> octet <= ' ' || octet > '~'))
        .isPresent()) {
      throw wrong(variable, "holds a character that no key has");
    }
    return key;
  }

  /** An empty variable is as good as none. */
  private Optional<String> value(String variable) {
    return Optional.ofNullable(env.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private static IllegalArgumentException wrong(String variable, String why) {
    return new IllegalArgumentException(variable + " " + why);
  }
}
