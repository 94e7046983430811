package clawster.node;

import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.StartRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a node is to run, read once at start. Wrong values stop the start and name themselves.
 *
 * @param token the gateway token; empty makes everybody admin
 * @param database an external database; empty for the embedded one
 * @param grace how long a stateless run goes on after its caller has left
 * @param sessionIdle how long an idle session stays in memory
 * @param environment where model providers are read from
 */
public record Settings(
    String bind,
    int port,
    Path data,
    String token,
    boolean insecure,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    Optional<DatabaseAddress> database,
    Duration grace,
    Duration sessionIdle,
    Map<String, String> environment) {

  public static final int DEFAULT_PORT = 18790;
  public static final String DEFAULT_BIND = "127.0.0.1";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

  public Settings {
    if (port < 0 || port > 65_535) {
      throw new StartRefused("the port must be from 0 to 65535, not " + port);
    }
    if (token.isEmpty() && !insecure && !isLoopback(bind)) {
      throw new StartRefused(
          "binding %s without a token would make everybody on the network admin: set CLAWSTER_GATEWAY_TOKEN"
              .formatted(bind));
    }
  }

  private static boolean isLoopback(String bind) {
    return LOOPBACK.contains(bind) || bind.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** The gateway token; empty for none. */
  public static String token(Map<String, String> environment) {
    return first(environment, "CLAWSTER_GATEWAY_TOKEN", "GOCLAW_GATEWAY_TOKEN").orElse("");
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Settings[bind=%s, port=%d, data=%s]".formatted(bind, port, data);
  }

  public static Settings read(String bind, int port, Path data, Map<String, String> environment) {
    return new Settings(
        bind,
        port,
        data,
        token(environment),
        first(environment, "CLAWSTER_ALLOW_INSECURE_NO_AUTH").filter("1"::equals).isPresent(),
        list(environment, "CLAWSTER_ALLOWED_HOSTS", "host.docker.internal", bind),
        list(environment, "CLAWSTER_ALLOWED_ORIGINS"),
        first(environment, "CLAWSTER_DATABASE_URL").map(DatabaseAddress::parse),
        seconds(environment, "CLAWSTER_DISCONNECT_GRACE_SECONDS", 30),
        seconds(environment, "CLAWSTER_SESSION_IDLE_SECONDS", 30),
        environment);
  }

  /** {@code CLAWSTER_PORT}, or the default. */
  public static int port(Map<String, String> environment) {
    return first(environment, "CLAWSTER_PORT")
        .map(
            text -> {
              try {
                return Integer.parseInt(text);
              } catch (NumberFormatException e) {
                throw new StartRefused("CLAWSTER_PORT must be a number, not " + text);
              }
            })
        .orElse(DEFAULT_PORT);
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    return Arrays.stream(names)
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  private static Set<String> list(Map<String, String> environment, String name, String... more) {
    var given = first(environment, name).map(text -> text.split("\\s*,\\s*")).orElse(new String[0]);
    return Stream.concat(Arrays.stream(given), Arrays.stream(more))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Duration seconds(Map<String, String> environment, String name, int otherwise) {
    return first(environment, name)
        .map(
            text -> {
              try {
                int seconds = Integer.parseInt(text);
                if (seconds >= 0) {
                  return Duration.ofSeconds(seconds);
                }
              } catch (NumberFormatException e) {
                // falls through to the refusal
              }
              throw new StartRefused(name + " must be a number of seconds, not " + text);
            })
        .orElse(Duration.ofSeconds(otherwise));
  }
}
