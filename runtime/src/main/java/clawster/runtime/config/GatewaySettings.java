package clawster.runtime.config;

import clawster.runtime.config.Setting.Takes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All settings that the document of the gateway knows. */
public final class GatewaySettings {

  private static final int DAY = 86_400;
  private static final int HUNDRED_YEARS = 36_500;

  private static final Kind.Line HOST =
      new Kind.Line(
          Pattern.compile("[A-Za-z0-9:]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?"), "chat.example.org");

  private static final Kind.Line ORIGIN =
      new Kind.Line(
          Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]{1,259}/?"), "https://example.org");

  /**
   * Names we answer for besides loopback, the bound address and what containers call their host.
   */
  public static final Setting<List<String>> ALLOWED_HOSTS =
      new Setting<>(
          "gateway.allowed_hosts",
          "CLAWSTER_ALLOWED_HOSTS",
          new Kind.Lines(HOST),
          List.of(),
          Takes.AT_ONCE);

  /** Origins of browsers besides our own. */
  public static final Setting<List<String>> ALLOWED_ORIGINS =
      new Setting<>(
          "gateway.allowed_origins",
          "CLAWSTER_ALLOWED_ORIGINS",
          new Kind.Lines(ORIGIN),
          List.of(),
          Takes.AT_ONCE);

  /** How long a stateless answer goes on after its caller has left. */
  public static final Setting<Duration> DISCONNECT_GRACE =
      new Setting<>(
          "gateway.disconnect_grace_seconds",
          "CLAWSTER_DISCONNECT_GRACE_SECONDS",
          new Kind.Time(Kind.Time.Unit.SECONDS, 0, DAY),
          Duration.ofSeconds(30),
          Takes.AT_ONCE);

  /** How long a session with nothing to do stays in memory. */
  public static final Setting<Duration> SESSION_IDLE =
      new Setting<>(
          "sessions.idle_seconds",
          "CLAWSTER_SESSION_IDLE_SECONDS",
          new Kind.Time(Kind.Time.Unit.SECONDS, 1, DAY),
          Duration.ofSeconds(30),
          Takes.AT_ONCE);

  /** How long it is kept who changed what. */
  public static final Setting<Duration> ACTIVITY =
      new Setting<>(
          "gateway.activity_days",
          "CLAWSTER_ACTIVITY_DAYS",
          new Kind.Time(Kind.Time.Unit.DAYS, 1, HUNDRED_YEARS),
          Duration.ofDays(90),
          Takes.AT_ONCE);

  /** OpenAI's routes. */
  public static final DialectSettings OPENAI = DialectSettings.of("openai", HOST);

  /** GoClaw's, but for those that administrators need. */
  public static final DialectSettings GOCLAW = DialectSettings.of("goclaw", HOST);

  public static final List<DialectSettings> DIALECTS = List.of(OPENAI, GOCLAW);

  public static final List<Setting<?>> ALL =
      Stream.of(
              List.of(ALLOWED_HOSTS, ALLOWED_ORIGINS, DISCONNECT_GRACE, SESSION_IDLE, ACTIVITY),
              LimitSettings.ALL,
              OPENAI.all(),
              GOCLAW.all())
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private static final Map<String, Setting<?>> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, Function.identity()));

  private GatewaySettings() {}

  public static Optional<Setting<?>> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Whether settings have such names: {@code gateway}, {@code gateway.quota}. */
  public static boolean isSection(String name) {
    return BY_NAME.keySet().stream().anyMatch(whole -> whole.startsWith(name + "."));
  }
}
