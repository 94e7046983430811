package clawster.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment under our names. What scripts made for GoClaw and OpenClaw set is taken for ours
 * where ours is not set.
 */
public final class EnvironmentNames {

  /**
   * Names of the same thing elsewhere, the first that is set counts; OpenClaw's password is sent
   * like its token.
   */
  static final Map<String, List<String>> ALIASES =
      Map.of(
          "CLAWSTER_GATEWAY_TOKEN",
          List.of("GOCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD"),
          "CLAWSTER_BIND",
          List.of("GOCLAW_HOST"),
          "CLAWSTER_PORT",
          List.of("GOCLAW_PORT"),
          "CLAWSTER_DATA",
          List.of("GOCLAW_DATA_DIR"),
          "CLAWSTER_DATABASE_URL",
          List.of("GOCLAW_POSTGRES_DSN"),
          "CLAWSTER_WORKSPACES",
          List.of("GOCLAW_WORKSPACE"),
          "CLAWSTER_RUNTIME_DIR",
          List.of("RUNTIME_DIR"),
          "CLAWSTER_RATE_LIMIT_RPM",
          List.of("GOCLAW_RATE_LIMIT_RPM"));

  private EnvironmentNames() {}

  /** Of this process. */
  public static Map<String, String> environment() {
    return ours(System.getenv());
  }

  static Map<String, String> ours(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    ALIASES.forEach(
        (name, aliases) -> {
          if (!isSet(environment, name)) {
            aliases.stream()
                .filter(alias -> isSet(environment, alias))
                .findFirst()
                .ifPresent(alias -> all.put(name, environment.get(alias)));
          }
        });
    return all;
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }
}
