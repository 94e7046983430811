package clawster.node;

import static clawster.node.Settings.given;
import static clawster.node.Settings.parsed;

import clawster.http.kernel.TrustedProxies;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.limits.Network;
import clawster.runtime.limits.RateRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may ask how often.
 *
 * @param proxies whose headers say where a request comes from
 * @param lockLoopback whether this machine's own callers are locked out too, and not only delayed
 * @param connectionsPerAddress at once, save for this machine and proxies of ours; 0 for no limit
 * @param perMinute how often a caller may make a model answer; empty for no limit
 * @param atOnce how many such answers a caller may have open; empty for no limit
 */
record LimitSettings(
    TrustedProxies proxies,
    boolean lockLoopback,
    int connectionsPerAddress,
    Optional<RateRule> perMinute,
    Optional<Integer> atOnce) {

  private static final int MOST_AT_ONCE = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int MOST_CONNECTIONS = 20_000;

  static LimitSettings read(Map<String, String> environment) {
    return new LimitSettings(
        new TrustedProxies(
            parsed(
                    environment,
                    "CLAWSTER_TRUSTED_PROXIES",
                    "addresses and networks, 10.0.0.0/8, separated by commas",
                    LimitSettings::networks)
                .orElse(List.of())),
        number(environment, 1, 0, "CLAWSTER_LOCK_LOOPBACK") == 1,
        number(environment, MOST_CONNECTIONS, CONNECTIONS, "CLAWSTER_CONNECTIONS_PER_ADDRESS"),
        limit(environment, RateRule.MOST, "CLAWSTER_RATE_LIMIT_RPM").map(RateRule::new),
        limit(environment, MOST_AT_ONCE, "CLAWSTER_ANSWERS_AT_ONCE"));
  }

  /** Zero means none. */
  private static Optional<Integer> limit(Map<String, String> environment, int most, String name) {
    return Optional.of(number(environment, most, 0, name)).filter(some -> some > 0);
  }

  private static int number(Map<String, String> environment, int most, int otherwise, String name) {
    return given(environment, name).map(text -> number(name, text, most)).orElse(otherwise);
  }

  private static int number(String name, String text, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the refusal
    }
    throw new StartRefused("%s must be a number from 0 to %d, not %s".formatted(name, most, text));
  }

  private static List<Network> networks(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip).map(Network::parse).toList();
  }
}
