package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HelperSettingsTest {

  private static HelperSettings read(String line) {
    return HelperSettings.read(List.of(line.split(" ")), Map.of());
  }

  @Test
  void whatIsNotSaidIsUsual() {
    var settings = read("--user clawster");
    assertEquals(Path.of("/run/clawster/packages.sock"), settings.socket());
    assertEquals("clawster", settings.group());
    assertEquals(Limits.USUAL, settings.limits());
    assertEquals(4, settings.path().size());
  }

  @Test
  void anOptionGoesBeforeTheEnvironment() {
    var environment = Map.of("CLAWSTER_PACKAGE_SOCKET", "/run/a/s");
    assertEquals(
        Path.of("/run/a/s"), HelperSettings.read(List.of("--user", "1"), environment).socket());
    assertEquals(
        Path.of("/run/b/s"),
        HelperSettings.read(List.of("--user", "1", "--socket", "/run/b/s"), environment).socket());
    assertEquals(
        Duration.ofSeconds(7), read("--user 1 --operation-seconds 7").limits().operation());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--socket /run/x/s",
        "--user",
        "--user 1 --user 2",
        "--user 1 --verbose yes",
        "--user 1 install",
        "--user 1 --socket relative",
        "--user 1 --path /bin:.",
        "--user 1 --operation-seconds 0",
        "--user 1 --operation-seconds -1",
        "--user 1 --operation-seconds 1e3",
        "--user 1 --operation-seconds 999999"
      })
  void whatIsWrongStopsTheStart(String line) {
    assertThrows(StartRefused.class, () -> read(line));
  }
}
