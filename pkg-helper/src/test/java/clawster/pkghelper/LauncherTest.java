package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./clawster helper}, with stubs of Java and of the helper's parent, for root alone. */
@Timeout(60)
final class LauncherTest {

  private static final int SOMEBODY = 64_323;
  private static final String JARS = "cluster-config/target/lib/";

  @TempDir private Path place;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(
        (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
        "NOT TRIED: only root starts the helper");
    put("clawster", Files.readString(Path.of("..", "clawster")));
    put("pkg-helper/keep", "#!/bin/sh\npwd\nenv\necho \"$@\"\n");
    put(JARS + "clawster-pkg-helper-1.jar", "");
    put(JARS + "jackson-core-1.jar", "");
    put("java/release", "JAVA_VERSION=\"99\"\n");
    put("java/bin/java", "#!/bin/sh\n");
  }

  private void put(String name, String text) throws IOException {
    var file = place.resolve(name);
    Files.createDirectories(file.getParent());
    Script.write(file, text);
  }

  private record Said(int code, List<String> lines) {}

  private Said helper(String... arguments) throws Exception {
    return helper(Map.of(), arguments);
  }

  private Said helper(Map<String, String> more, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(place.resolve("clawster").toString(), "helper"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", place.resolve("java").toString(),
                "JAVA_TOOL_OPTIONS", "-Dof=others",
                "LD_LIBRARY_PATH", place.toString(),
                "CLAWSTER_GATEWAY_TOKEN", "secret",
                "CLAWSTER_PACKAGE_SOCKET", "/run/some where/s"));
    builder.environment().putAll(more);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), said.lines().toList());
  }

  /** Java and the linker take options from it; and tokens are none of its business. */
  @Test
  void nothingOfTheEnvironmentReachesIt() throws Exception {
    var said = helper("--user", "7");
    assertEquals(0, said.code(), said::toString);
    assertEquals("/", said.lines().getFirst());
    assertEquals(
        List.of(
            "CLAWSTER_PACKAGE_SOCKET=/run/some where/s",
            "LC_ALL=C.UTF-8",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
        said.lines().subList(1, said.lines().size() - 1).stream()
            .filter(line -> !line.matches("(PWD|OLDPWD|SHLVL|_)=.*"))
            .sorted()
            .toList());
    var command = said.lines().getLast();
    assertTrue(command.contains(" -XX:+DisableAttachMechanism "), command);
    assertTrue(command.endsWith("clawster.pkghelper.Main --user 7"), command);
  }

  @Test
  void itServesWhoCalledSudo() throws Exception {
    var sudo = Map.of("SUDO_UID", "1000", "SUDO_GID", "1001");
    var said = helper(sudo);
    assertTrue(said.lines().getLast().endsWith("Main --user 1000 --group 1001"), said::toString);
    var other = helper(sudo, "--user", "7");
    assertTrue(other.lines().getLast().endsWith("Main --user 7"), other::toString);
    var nobody = helper(Map.of("SUDO_UID", ""));
    assertEquals(1, nobody.code());
    assertTrue(nobody.lines().getLast().startsWith("clawster: helper --user"), nobody::toString);
  }

  /** Whose it is becomes root at the next restart. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "clawster",
        "pkg-helper",
        "pkg-helper/keep",
        "cluster-config",
        "cluster-config/target/lib",
        JARS + "clawster-pkg-helper-1.jar",
        JARS + "jackson-core-1.jar",
        "java",
        "java/bin/java"
      })
  void whatSomebodyElseCouldChangeIsNotRun(String name) throws Exception {
    var path = name.isEmpty() ? place : place.resolve(name);
    Files.setAttribute(path, "unix:uid", SOMEBODY);
    assertRefused(path, helper("--user", "7"));
    Files.setAttribute(path, "unix:uid", 0);
    for (var mode : List.of("rwxrwxr-x", "rwxr-xrwx")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      assertRefused(path, helper("--user", "7"));
    }
    var trusted = helper("--user", "7", "--trust-this-checkout");
    assertEquals(0, trusted.code(), trusted::toString);
    assertTrue(trusted.lines().getLast().endsWith("Main --user 7"), "the option is the launcher's");
  }

  @Test
  void aCacheOfSomebodyElseIsNotLoaded() throws Exception {
    put("cluster-config/target/helper.aot", "cache");
    var cache = place.resolve("cluster-config/target/helper.aot");
    assertTrue(helper("--user", "7").lines().getLast().contains("-XX:AOTCache=" + cache));
    Files.setAttribute(cache, "unix:uid", SOMEBODY);
    assertRefused(cache, helper("--user", "7"));
  }

  @Test
  void aLinkThatSomebodyElseCouldTurnIsNotFollowed() throws Exception {
    var keep = place.resolve("pkg-helper/keep");
    Files.move(keep, place.resolve("elsewhere"));
    Files.createSymbolicLink(keep, place.resolve("elsewhere"));
    assertRefused(keep, helper("--user", "7"));
  }

  private static void assertRefused(Path path, Said said) {
    assertEquals(1, said.code(), said::toString);
    assertTrue(
        said.lines().getLast().startsWith("clawster: " + path + " can be changed by others"),
        said::toString);
    assertFalse(said.lines().toString().contains("clawster.pkghelper.Main"), said::toString);
  }
}
