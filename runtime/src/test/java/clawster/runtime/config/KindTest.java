package clawster.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KindTest {

  private static final Kind<Duration> SECONDS = new Kind.Time(Kind.Time.Unit.SECONDS, 0, 60);
  private static final Kind<List<String>> HOSTS = GatewaySettings.ALLOWED_HOSTS.kind();
  private static final Kind<List<String>> ORIGINS = GatewaySettings.ALLOWED_ORIGINS.kind();

  @ParameterizedTest
  @ValueSource(strings = {"0", "60", "6e1", "60.0"})
  void secondsAreWholeNumbers(String number) {
    var value = Duration.ofSeconds(new BigDecimal(number).intValueExact());
    assertEquals(Optional.of(value), SECONDS.read(new BigDecimal(number)));
  }

  @Test
  void theEnvironmentHasThemInDigits() {
    assertEquals(Optional.of(Duration.ofMinutes(1)), SECONDS.parse("60"));
    for (var text : List.of("6e1", "60.0", "60s", " 60", "")) {
      assertEquals(Optional.empty(), SECONDS.parse(text), text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "61", "0.5", "1e9", "1e999999999", "9999999999999999999"})
  void otherNumbersAreNone(String number) {
    assertEquals(Optional.empty(), SECONDS.read(new BigDecimal(number)));
    assertEquals(Optional.empty(), SECONDS.parse(number));
  }

  @Test
  void whatIsNoNumberIsNone() {
    for (var plain : List.of("5", true, List.of(5), Map.of())) {
      assertEquals(Optional.empty(), SECONDS.read(plain), plain.toString());
    }
    assertEquals(Optional.empty(), SECONDS.parse("5s"));
  }

  @Test
  void flagsAreSaidAsInTheEnvironmentAndInJson() {
    var flag = new Kind.Flag();
    assertEquals(Optional.of(true), flag.parse("1"));
    assertEquals(Optional.of(false), flag.parse("false"));
    assertEquals(Optional.empty(), flag.parse("yes"));
    assertEquals(Optional.of(true), flag.read(true));
    assertEquals(Optional.empty(), flag.read("true"));
    assertEquals(Optional.empty(), flag.read(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"claw.example", "::1", "10.0.0.7", "a", "host.docker.internal"})
  void hostsAreNamesAndAddresses(String host) {
    assertEquals(Optional.of(List.of(host)), HOSTS.read(List.of(host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "http://claw.example",
        "claw.example/x",
        "a b",
        "*",
        "-a",
        "a\nb",
        "[::1]"
      })
  void otherTextsAreNoHosts(String host) {
    assertEquals(Optional.empty(), HOSTS.read(List.of("claw.example", host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claw.example",
        "file:///etc",
        "https://",
        "https://a/b",
        "*",
        "null",
        "https://a@b"
      })
  void otherTextsAreNoOrigins(String origin) {
    assertEquals(Optional.empty(), ORIGINS.read(List.of(origin)));
  }

  @Test
  void listsAreBounded() {
    assertEquals(
        100, HOSTS.read(Collections.nCopies(100, "a")).map(List::size).orElseThrow().intValue());
    assertEquals(Optional.empty(), HOSTS.read(Collections.nCopies(101, "a")));
    assertEquals(Optional.empty(), HOSTS.read(List.of("a", 5)));
    assertEquals(Optional.empty(), HOSTS.read("a"));
  }

  @Test
  void listsAreSeparatedByCommasInTheEnvironment() {
    assertEquals(Optional.of(List.of("a", "b")), HOSTS.parse(" a , b,"));
    assertEquals(Optional.empty(), HOSTS.parse("a b"));
  }

  @Test
  void whatIsPlainIsReadAsTheSame() {
    for (var setting : GatewaySettings.ALL) {
      assertSame(setting);
    }
  }

  private static <T> void assertSame(Setting<T> setting) {
    var plain = setting.kind().plain(setting.otherwise());
    assertEquals(Optional.of(setting.otherwise()), setting.kind().read(plain), setting.name());
  }

  @Test
  void daysAreWholeNumbers() {
    var days = new Kind.Time(Kind.Time.Unit.DAYS, 1, 100);
    assertEquals(Optional.of(Duration.ofDays(90)), days.read(90));
    assertEquals(Optional.of(Duration.ofDays(90)), days.parse("90"));
    assertEquals(90, days.plain(Duration.ofDays(90)));
    assertEquals(Optional.empty(), days.read(0));
    assertEquals(Optional.empty(), days.parse("101"));
  }

  @Test
  void networksAreAddressesAndWhatBeginsLikeThem() {
    var kind = new Kind.Networks();
    var read = kind.read(List.of("10.0.0.0/8", "::1")).orElseThrow();
    assertEquals(List.of("10.0.0.0/8", "0:0:0:0:0:0:0:1/128"), kind.plain(read));
    assertEquals(Optional.of(read), kind.read(kind.plain(read)));
    assertEquals(Optional.of(read), kind.parse("10.0.0.0/8, ::1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.example",
        "10.0.0.0/33",
        "*",
        "10.0.0.1/",
        ":::",
        "1.2.3.4/1/2",
        "0.0.0.0/0",
        "10.0.0.1/0",
        "::/0"
      })
  void otherNamesAreNoNetworks(String text) {
    assertEquals(Optional.empty(), new Kind.Networks().parse(text));
    assertEquals(Optional.empty(), new Kind.Networks().read(List.of(text)));
  }
}
