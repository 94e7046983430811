package clawster.node;

import static clawster.node.Settings.first;
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
        first(environment, "CLAWSTER_LOCK_LOOPBACK").filter("1"::equals).isPresent(),
        first(environment, "CLAWSTER_CONNECTIONS_PER_ADDRESS")
            .map(text -> limit("CLAWSTER_CONNECTIONS_PER_ADDRESS", text, MOST_CONNECTIONS))
            .orElse(Optional.of(CONNECTIONS))
            .orElse(0),
        first(environment, "CLAWSTER_RATE_LIMIT_RPM", "GOCLAW_RATE_LIMIT_RPM")
            .flatMap(text -> limit("CLAWSTER_RATE_LIMIT_RPM", text, RateRule.MOST))
            .map(RateRule::new),
        first(environment, "CLAWSTER_ANSWERS_AT_ONCE")
            .flatMap(text -> limit("CLAWSTER_ANSWERS_AT_ONCE", text, MOST_AT_ONCE)));
  }

  /** Zero means none. */
  private static Optional<Integer> limit(String name, String text, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= most) {
        return Optional.of(number).filter(some -> some > 0);
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
