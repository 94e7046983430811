package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.cluster.ClusterSettings;
import clawster.cluster.TlsFiles;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.GatewaySettings;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @TempDir private Path directory;

  private Settings read(String bind, int port, Map<String, String> environment) {
    return Settings.read(bind, port, directory, environment);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void aPortOutOfRangeStopsTheStart(int port) {
    var refused =
        assertThrows(StartRefused.class, () -> read(Settings.DEFAULT_BIND, port, Map.of()));
    assertTrue(refused.getMessage().contains(String.valueOf(port)), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "CLAWSTER_ALLOWED_HOSTS, https://claw.example",
    "CLAWSTER_ALLOWED_ORIGINS, claw.example",
    "CLAWSTER_PORT, http",
    "CLAWSTER_PORT, 18790.0",
    "CLAWSTER_PORT, 99999999999",
    "CLAWSTER_DISCONNECT_GRACE_SECONDS, -1",
    "CLAWSTER_DISCONNECT_GRACE_SECONDS, soon",
    "CLAWSTER_DISCONNECT_GRACE_SECONDS, 2147483648",
    "CLAWSTER_SESSION_IDLE_SECONDS, 4294967295",
    "CLAWSTER_SESSION_IDLE_SECONDS, 99999999999",
    "CLAWSTER_SESSION_IDLE_SECONDS, 30s",
    "CLAWSTER_SESSION_IDLE_SECONDS, 0",
    "CLAWSTER_SESSION_IDLE_SECONDS, 1e3",
    "CLAWSTER_ACTIVITY_DAYS, 0",
    "CLAWSTER_ACTIVITY_DAYS, -1",
    "CLAWSTER_ACTIVITY_DAYS, 36501",
    "CLAWSTER_ACTIVITY_DAYS, 90d",
    "CLAWSTER_CLUSTER_PORT, http",
    "CLAWSTER_CLUSTER_PORT, 70000",
    "CLAWSTER_CLUSTER_BIND, 127.0.0.1",
    "CLAWSTER_CLUSTER_BIND, :5",
    "CLAWSTER_CLUSTER_BIND, 0.0.0.0:5",
    "CLAWSTER_CLUSTER_HOST, 192.168.1.5",
    "CLAWSTER_CLUSTER_TLS_CERT, /nowhere/node.pem",
    "CLAWSTER_CLUSTER_TLS_KEY, /nowhere/node.key",
    "CLAWSTER_CLUSTER_TLS_CA, /nowhere/ca.pem",
    "CLAWSTER_WORKSPACES, /dev/null",
    "CLAWSTER_RUNTIME_DIR, /dev/null",
    "CLAWSTER_RATE_LIMIT_RPM, -1",
    "CLAWSTER_RATE_LIMIT_RPM, 600001",
    "CLAWSTER_RATE_LIMIT_RPM, 20/min",
    "CLAWSTER_ANSWERS_AT_ONCE, many",
    "CLAWSTER_LOCK_LOOPBACK, yes",
    "CLAWSTER_QUOTA_ENABLED, on",
    "CLAWSTER_QUOTA_HOUR, -1",
    "CLAWSTER_QUOTA_DAY, 10000001",
    "CLAWSTER_QUOTA_WEEK, 1e3",
    "CLAWSTER_CONNECTIONS_PER_ADDRESS, -1",
    "CLAWSTER_CONNECTIONS_PER_ADDRESS, 20001",
    "CLAWSTER_ANSWERS_AT_ONCE, 99999999999",
    "CLAWSTER_TRUSTED_PROXIES, proxy.example",
    "CLAWSTER_TRUSTED_PROXIES, 10.0.0.0/33",
    "CLAWSTER_TRUSTED_PROXIES, *",
    "CLAWSTER_CLUSTER_TIMINGS, faster",
    "CLAWSTER_DATABASE_URL, mysql://localhost/db",
    "CLAWSTER_DATABASE_URL, postgres://localhost/db",
  })
  void aWrongValueStopsTheStartAndNamesItself(String name, String value) {
    var environment = Map.of(name, value);
    var refused =
        assertThrows(
            StartRefused.class,
            () -> read(Settings.DEFAULT_BIND, Settings.port(environment), environment));
    assertTrue(refused.getMessage().contains(name), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, '', '', true",
    "127.1.2.3, '', '', true",
    "::1, '', '', true",
    "localhost, '', '', true",
    "0.0.0.0, '', '', false",
    "::, '', '', false",
    "192.168.1.5, '', '', false",
    "127.0.0.1.example.org, '', '', false",
    "0.0.0.0, secret, '', true",
    "0.0.0.0, ' ', '', false",
    "0.0.0.0, '', 1, true",
    "0.0.0.0, '', true, false",
  })
  void onlyLoopbackMayDoWithoutAToken(String bind, String token, String insecure, boolean starts) {
    var environment =
        Map.of("CLAWSTER_GATEWAY_TOKEN", token, "CLAWSTER_ALLOW_INSECURE_NO_AUTH", insecure);
    if (starts) {
      assertEquals(token, read(bind, 0, environment).token());
    } else {
      assertThrows(StartRefused.class, () -> read(bind, 0, environment));
    }
  }

  @Test
  void anEmptyEnvironmentGivesTheDefaultsOfTheReadme() {
    var settings = read(Settings.DEFAULT_BIND, Settings.port(Map.of()), Map.of());
    assertEquals(18790, settings.port());
    assertEquals("127.0.0.1", settings.bind());
    assertEquals(Duration.ofSeconds(30), settings.fixed().get(GatewaySettings.DISCONNECT_GRACE));
    assertEquals(Duration.ofSeconds(30), settings.fixed().get(GatewaySettings.SESSION_IDLE));
    assertTrue(settings.database().isEmpty());
    assertEquals(ConfigDocument.EMPTY, settings.fixed());
  }

  @Test
  void otherNodesReachANodeWhereItSaysSo() {
    var cluster =
        read(
                Settings.DEFAULT_BIND,
                0,
                Map.of(
                    "CLAWSTER_CLUSTER_HOST", "::1",
                    "CLAWSTER_CLUSTER_PORT", "17355",
                    "CLAWSTER_CLUSTER_BIND", "127.0.0.2:17356",
                    "CLAWSTER_CLUSTER_TIMINGS", "fast"))
            .cluster();
    assertEquals("[::1]:17355", cluster.advertised().toString());
    assertEquals("127.0.0.2:17356", cluster.bind().orElseThrow().toString());
    assertEquals(ClusterSettings.Timings.FAST, cluster.timings());
  }

  @Test
  void nodesOfSeveralMachinesNeedTls() {
    var refused =
        assertThrows(
            StartRefused.class,
            () ->
                read(Settings.DEFAULT_BIND, 0, Map.of("CLAWSTER_CLUSTER_HOST", "node-1.example")));
    for (var name : List.of(TlsFiles.CERTIFICATE, TlsFiles.KEY, TlsFiles.AUTHORITY)) {
      assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }
    var cluster =
        read(
                Settings.DEFAULT_BIND,
                0,
                Map.of(
                    "CLAWSTER_CLUSTER_HOST",
                    "node-1.example",
                    "CLAWSTER_CLUSTER_BIND",
                    "0.0.0.0:17355",
                    TlsFiles.CERTIFICATE,
                    "node.pem",
                    TlsFiles.KEY,
                    "node.key",
                    TlsFiles.AUTHORITY,
                    "ca.pem"))
            .cluster();
    assertEquals("tls-tcp", cluster.remoting().get("pekko.remote.artery.transport"));
    assertEquals(Path.of("node.key"), cluster.tls().orElseThrow().key());
  }

  @Test
  void packagesAreInTheDataDirectoryAndTheHelperWhereItListensUnlessToldOtherwise() {
    var usual = read(Settings.DEFAULT_BIND, 0, Map.of());
    assertEquals(directory.resolve("runtime"), usual.runtime());
    assertEquals(Path.of("/run/clawster/packages.sock"), usual.packageSocket());
    var elsewhere =
        read(
            Settings.DEFAULT_BIND,
            0,
            Map.of("CLAWSTER_RUNTIME_DIR", "/srv/rt", "CLAWSTER_PACKAGE_SOCKET", "/srv/p.sock"));
    assertEquals(Path.of("/srv/rt"), elsewhere.runtime());
    assertEquals(Path.of("/srv/p.sock"), elsewhere.packageSocket());
  }

  @Test
  void workspacesAreInTheDataDirectoryUnlessToldOtherwise() {
    assertEquals(
        directory.resolve("workspaces"), read(Settings.DEFAULT_BIND, 0, Map.of()).workspaces());
    var elsewhere = Map.of("CLAWSTER_WORKSPACES", "/srv/clawster");
    assertEquals(Path.of("/srv/clawster"), read(Settings.DEFAULT_BIND, 0, elsewhere).workspaces());
  }

  @ParameterizedTest
  @EnumSource(ClusterSettings.Timings.class)
  void allTimingsSayHowLongAPauseIsForgiven(ClusterSettings.Timings timings) {
    var config = ConfigFactory.parseResources(timings.resource());
    assertTrue(
        config
            .getDuration("pekko.cluster.failure-detector.acceptable-heartbeat-pause")
            .isPositive());
  }

  @Test
  void nodesOfADirectoryAreNumbered() {
    for (int node : new int[] {0, 100}) {
      var refused =
          assertThrows(
              StartRefused.class,
              () -> Settings.read(Settings.DEFAULT_BIND, 0, directory, node, Map.of()));
      assertTrue(refused.getMessage().contains(String.valueOf(node)), refused.getMessage());
    }
  }

  @Test
  void aFileSetsWhatTheEnvironmentCould() throws Exception {
    var file = Files.writeString(directory.resolve("c.conf"), "port = 1, token = \"t\"");
    assertEquals(
        Map.of("CLAWSTER_PORT", "1", "CLAWSTER_GATEWAY_TOKEN", "t"), ConfigFile.read(file));
  }

  @Test
  void aFileMayListWhatAVariableSeparatesByCommas() throws Exception {
    var file =
        Files.writeString(
            directory.resolve("c.conf"), "allowed-hosts = [a.example, \"b.example\"]");
    var settings = read(Settings.DEFAULT_BIND, 0, ConfigFile.read(file));
    assertEquals(
        List.of("a.example", "b.example"), settings.fixed().get(GatewaySettings.ALLOWED_HOSTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prot = 1", "port.number = 1", "port = ", "{"})
  void aWrongFileStopsTheStart(String text) throws Exception {
    var file = Files.writeString(directory.resolve("c.conf"), text);
    assertThrows(StartRefused.class, () -> ConfigFile.read(file));
  }

  @Test
  void everyKeyOfTheFileIsInTheReadme() throws Exception {
    var rows = Files.readString(Path.of("..", "README.md")).lines().toList();
    ConfigFile.KEYS.forEach(
        (key, variable) ->
            assertTrue(
                rows.stream()
                    .anyMatch(
                        row ->
                            row.startsWith("|")
                                && row.contains("`" + key + "`")
                                && row.contains("`" + variable + "`")),
                key + " and " + variable + " have no row in README.md"));
  }
}
