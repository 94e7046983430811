package clawster.runtime.config;

import clawster.runtime.config.Setting.Takes;
import clawster.runtime.limits.Network;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.RateRule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who may ask how often. */
public final class LimitSettings {

  private static final int MOST_AT_ONCE = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int MOST_CONNECTIONS = 20_000;

  /** Whose headers say where a request comes from. */
  public static final Setting<List<Network>> TRUSTED_PROXIES =
      new Setting<>(
          "gateway.trusted_proxies",
          "CLAWSTER_TRUSTED_PROXIES",
          new Kind.Networks(),
          List.of(),
          Takes.AT_ONCE);

  /** Whether a machine's own callers are locked out too, and not only delayed. */
  public static final Setting<Boolean> LOCK_LOOPBACK =
      new Setting<>(
          "gateway.lock_loopback", "CLAWSTER_LOCK_LOOPBACK", new Kind.Flag(), false, Takes.AT_ONCE);

  /** At once, save for a node's own machine and proxies of ours; 0 for no limit. */
  public static final Setting<Integer> CONNECTIONS_PER_ADDRESS =
      number("connections_per_address", MOST_CONNECTIONS, CONNECTIONS);

  private static final Setting<Integer> RATE = number("rate_limit_rpm", RateRule.MOST, 0);

  private static final Setting<Integer> AT_ONCE = number("answers_at_once", MOST_AT_ONCE, 0);

  private static final Setting<Boolean> QUOTA =
      new Setting<>(
          "gateway.quota.enabled", "CLAWSTER_QUOTA_ENABLED", new Kind.Flag(), true, Takes.AT_ONCE);

  private static final Setting<Integer> HOUR = quota("hour");
  private static final Setting<Integer> DAY = quota("day");
  private static final Setting<Integer> WEEK = quota("week");

  static final List<Setting<?>> ALL =
      List.of(
          TRUSTED_PROXIES,
          LOCK_LOOPBACK,
          CONNECTIONS_PER_ADDRESS,
          RATE,
          AT_ONCE,
          QUOTA,
          HOUR,
          DAY,
          WEEK);

  private LimitSettings() {}

  private static Setting<Integer> number(String key, int most, int otherwise) {
    return new Setting<>(
        "gateway." + key,
        "CLAWSTER_" + key.toUpperCase(Locale.ROOT),
        new Kind.Whole(0, most),
        otherwise,
        Takes.AT_ONCE);
  }

  private static Setting<Integer> quota(String span) {
    return new Setting<>(
        "gateway.quota.default." + span,
        "CLAWSTER_QUOTA_" + span.toUpperCase(Locale.ROOT),
        new Kind.Whole(0, Quota.MOST),
        0,
        Takes.AT_ONCE);
  }

  /** How often a caller may make a model answer; empty for no limit. */
  public static Optional<RateRule> rate(LiveConfig config) {
    return limit(config, RATE).map(RateRule::new);
  }

  /** How many such answers a caller may have open; empty for no limit. */
  public static Optional<Integer> atOnce(LiveConfig config) {
    return limit(config, AT_ONCE);
  }

  private static Optional<Integer> limit(LiveConfig config, Setting<Integer> setting) {
    return Optional.of(config.get(setting)).filter(most -> most > 0);
  }

  /** How many runs a caller may begin. */
  public static Quota quota(LiveConfig config) {
    return config.get(QUOTA)
        ? new Quota(config.get(HOUR), config.get(DAY), config.get(WEEK))
        : Quota.NONE;
  }
}
