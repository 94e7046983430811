package clawster.node;

import clawster.persistence.postgres.StartRefused;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A settings file in HOCON (JSON is HOCON too). Its keys stand for environment variables, which go
 * before it; an unknown key stops the start.
 */
public final class ConfigFile {

  /** Environment variable by key. */
  static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("bind", "CLAWSTER_BIND"),
          Map.entry("port", "CLAWSTER_PORT"),
          Map.entry("token", "CLAWSTER_GATEWAY_TOKEN"),
          Map.entry("database-url", "CLAWSTER_DATABASE_URL"),
          Map.entry("cluster-host", "CLAWSTER_CLUSTER_HOST"),
          Map.entry("cluster-port", "CLAWSTER_CLUSTER_PORT"),
          Map.entry("cluster-bind", "CLAWSTER_CLUSTER_BIND"),
          Map.entry("cluster-tls-cert", "CLAWSTER_CLUSTER_TLS_CERT"),
          Map.entry("cluster-tls-key", "CLAWSTER_CLUSTER_TLS_KEY"),
          Map.entry("cluster-tls-ca", "CLAWSTER_CLUSTER_TLS_CA"),
          Map.entry("workspaces", "CLAWSTER_WORKSPACES"),
          Map.entry("runtime-dir", "CLAWSTER_RUNTIME_DIR"),
          Map.entry("package-socket", "CLAWSTER_PACKAGE_SOCKET"),
          Map.entry("cluster-timings", "CLAWSTER_CLUSTER_TIMINGS"),
          Map.entry("model", "CLAWSTER_MODEL"),
          Map.entry("allowed-hosts", "CLAWSTER_ALLOWED_HOSTS"),
          Map.entry("allowed-origins", "CLAWSTER_ALLOWED_ORIGINS"),
          Map.entry("trusted-proxies", "CLAWSTER_TRUSTED_PROXIES"),
          Map.entry("lock-loopback", "CLAWSTER_LOCK_LOOPBACK"),
          Map.entry("connections-per-address", "CLAWSTER_CONNECTIONS_PER_ADDRESS"),
          Map.entry("rate-limit-rpm", "CLAWSTER_RATE_LIMIT_RPM"),
          Map.entry("answers-at-once", "CLAWSTER_ANSWERS_AT_ONCE"),
          Map.entry("quota-enabled", "CLAWSTER_QUOTA_ENABLED"),
          Map.entry("quota-hour", "CLAWSTER_QUOTA_HOUR"),
          Map.entry("quota-day", "CLAWSTER_QUOTA_DAY"),
          Map.entry("quota-week", "CLAWSTER_QUOTA_WEEK"),
          Map.entry("disconnect-grace-seconds", "CLAWSTER_DISCONNECT_GRACE_SECONDS"),
          Map.entry("session-idle-seconds", "CLAWSTER_SESSION_IDLE_SECONDS"),
          Map.entry("activity-days", "CLAWSTER_ACTIVITY_DAYS"),
          Map.entry("openai-api-key", "OPENAI_API_KEY"),
          Map.entry("openai-base-url", "OPENAI_BASE_URL"),
          Map.entry("anthropic-api-key", "ANTHROPIC_API_KEY"),
          Map.entry("anthropic-base-url", "ANTHROPIC_BASE_URL"));

  private ConfigFile() {}

  /** As an environment variable would hold it. */
  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  /** The file's settings under their environment names. */
  public static Map<String, String> read(Path file) {
    if (!Files.isReadable(file)) {
      throw new StartRefused("the settings file " + file + " cannot be read");
    }
    try {
      var settings = new HashMap<String, String>();
      for (var entry : ConfigFactory.parseFile(file.toFile()).resolve().entrySet()) {
        var name = KEYS.get(entry.getKey());
        if (name == null) {
          throw new StartRefused("unknown setting " + entry.getKey() + " in " + file);
        }
        settings.put(name, text(entry.getValue().unwrapped()));
      }
      return settings;
    } catch (ConfigException e) {
      throw new StartRefused("the settings file " + file + " is not valid: " + e.getMessage());
    }
  }
}
