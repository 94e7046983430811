package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static clawster.runtime.packages.Given.names;
import static clawster.runtime.packages.Given.spec;
import static clawster.runtime.packages.Given.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real pip3, with an index of our own. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
final class PipInstallerTest {

  @TempDir private Path place;
  private LocalIndex index;
  private RuntimeDirectory directory;
  private PipInstaller pip;

  @BeforeEach
  void begin() throws IOException {
    Given.assumeProgram("pip3");
    index = new LocalIndex();
    directory =
        RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(index.environment()));
    pip = new PipInstaller(directory, Given.LIMITS);
  }

  @AfterEach
  void end() {
    if (index != null) {
      index.close();
    }
  }

  private static Map<String, String> script(String name, String info) {
    return Map.of(
        name + "/__init__.py", "def run():\n  print('" + name + " runs')\n",
        info + "/entry_points.txt", "[console_scripts]\n" + name + " = " + name + ":run\n");
  }

  private static String needing(String name, String other) {
    return "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\nRequires-Dist: %s\n"
        .formatted(name, other);
  }

  @Test
  void aPackageComesIsUsedAndGoes() throws Exception {
    index.wheel("Tiny_Pack", "1.0", script("tiny", "Tiny_Pack-1.0.dist-info"), "");
    var progress = Collections.synchronizedList(new ArrayList<String>());
    assertEquals("1.0", version(pip.install(spec("pip:tiny.pack"), progress::add)));
    assertTrue(progress.stream().anyMatch(line -> line.contains("Collecting")), progress::toString);
    assertEquals(List.of(new InstalledPackage("tiny-pack", "1.0")), pip.list());
    assertEquals("tiny runs", Given.run(directory, "python3", "-c", "import tiny; tiny.run()"));
    assertEquals("tiny runs", Given.run(directory, "tiny"));
    assertEquals("none", version(pip.uninstall(spec("pip:Tiny-pack").ref(), progress::add)));
    assertEquals(List.of(), pip.list());
    try (var left = Files.list(directory.pip())) {
      assertEquals(List.of(), left.toList());
    }
    assertFalse(Files.exists(directory.base().resolve("pip-scratch")));
  }

  @Test
  void whatIsNotInstalledIsGone() {
    assertEquals("none", version(pip.uninstall(spec("pip:never").ref(), _ -> {})));
  }

  @Test
  void aNewerVersionReplacesTheOldOne() throws Exception {
    index.wheel("pack", "1.0", Map.of("pack/__init__.py", "", "pack/old.py", ""), "");
    assertEquals("1.0", version(pip.install(spec("pip:pack"), _ -> {})));
    index.wheel("pack", "2.0", Map.of("pack/__init__.py", ""), "");
    index.wheel("app", "1.0", Map.of("app-1.0.dist-info/METADATA", needing("app", "pack>=2")), "");
    assertEquals("1.0", version(pip.install(spec("pip:app"), _ -> {})));
    assertEquals(
        List.of(new InstalledPackage("app", "1.0"), new InstalledPackage("pack", "2.0")),
        pip.list());
    assertFalse(Files.exists(directory.pip().resolve("pack/old.py")));
  }

  /** pip itself keeps only the first one's directory, or only the last one's. */
  @Test
  void scriptsAndNamespacesAreShared() throws Exception {
    for (var name : List.of("one", "two")) {
      var files = new HashMap<>(script(name, name + "-1.0.dist-info"));
      files.put("space/" + name + ".py", "");
      index.wheel(name, "1.0", files, "");
      version(pip.install(spec("pip:" + name), _ -> {}));
    }
    assertEquals("one runs", Given.run(directory, "one"));
    assertEquals("two runs", Given.run(directory, "two"));
    assertEquals("", Given.run(directory, "python3", "-c", "import space.one, space.two"));
    version(pip.uninstall(spec("pip:one").ref(), _ -> {}));
    assertEquals("two runs", Given.run(directory, "two"));
    assertEquals("", Given.run(directory, "python3", "-c", "import space.two"));
  }

  @Test
  void aStrangersListHarmsNobody() throws Exception {
    var victim = Files.writeString(place.resolve("victim"), "x");
    index.wheel(
        "evil",
        "1.0",
        Map.of("evil.py", ""),
        "../victim,,\n../../../victim,,\n" + victim + ",,\n../../runtime/pip.lock,,\n");
    assertEquals("1.0", version(pip.install(spec("pip:evil"), _ -> {})));
    assertEquals("none", version(pip.uninstall(spec("pip:evil").ref(), _ -> {})));
    assertTrue(Files.exists(victim));
    assertTrue(Files.exists(directory.base().resolve("pip.lock")));
    assertFalse(Files.exists(directory.pip().resolve("evil.py")));
  }

  @Test
  void whatDoesNotExistIsNotFound() throws Exception {
    var failed = failed(FailureCode.NOT_FOUND, pip.install(spec("pip:nosuch"), _ -> {}));
    assertTrue(failed.error().contains("No matching distribution found"), failed::error);
    assertEquals(List.of(), pip.list());
  }

  @Test
  void whoReachesNoIndexDoesNotSayThatItIsNotThere() throws Exception {
    index.close();
    failed(FailureCode.NETWORK, pip.install(spec("pip:pack"), _ -> {}));
  }

  @ParameterizedTest
  @CsvSource({
    "401, PERMISSION",
    "403, PERMISSION",
    "404, NOT_FOUND",
    "410, NOT_FOUND",
    "429, NETWORK",
    "500, NETWORK",
    "502, NETWORK",
    "504, NETWORK"
  })
  void anIndexThatIsBusyDoesNotSayThatItIsNotThere(int status, FailureCode code) throws Exception {
    index.wheel("pack", "1.0", Map.of("pack.py", ""), "");
    index.answers(status);
    failed(code, pip.install(spec("pip:pack"), _ -> {}));
  }

  @Test
  void anIndexThatHasNoneSaysSo() throws Exception {
    index.emptyPage("pack");
    failed(FailureCode.NOT_FOUND, pip.install(spec("pip:pack"), _ -> {}));
  }

  @Test
  void whatOthersNeedComesWithIt() throws Exception {
    index.wheel("lib", "3.0", Map.of("lib.py", ""), "");
    index.wheel(
        "app",
        "1.0",
        Map.of("app.py", "import lib", "app-1.0.dist-info/METADATA", needing("app", "lib>=2")),
        "");
    version(pip.install(spec("pip:app"), _ -> {}));
    assertEquals(List.of("app", "lib"), names(pip));
  }

  /** It happened: a package that brought a module of Python's own. */
  @Test
  void whatBreaksPythonKeepsNobodyFromRemovingIt() throws Exception {
    index.wheel("enum34", "1.0", Map.of("enum.py", "raise Exception('broken')"), "");
    version(pip.install(spec("pip:enum34"), _ -> {}));
    assertTrue(Given.run(directory, "python3", "-c", "import re").contains("broken"));
    assertEquals(List.of("enum34"), names(pip));
    version(pip.uninstall(spec("pip:enum34").ref(), _ -> {}));
    assertEquals("", Given.run(directory, "python3", "-c", "import re"));
  }

  @Test
  void aFailedInstallationChangesNothing() throws Exception {
    index.wheel("pack", "1.0", Map.of("pack.py", ""), "");
    version(pip.install(spec("pip:pack"), _ -> {}));
    index.wheel("pack", "2.0", Map.of("pack.py", ""), "");
    index.wheel(
        "app",
        "1.0",
        Map.of("app-1.0.dist-info/METADATA", needing("app", "pack>=2") + "Requires-Dist: nosuch\n"),
        "");
    failed(FailureCode.NOT_FOUND, pip.install(spec("pip:app"), _ -> {}));
    assertEquals(List.of(new InstalledPackage("pack", "1.0")), pip.list());
    assertTrue(Files.exists(directory.pip().resolve("pack.py")));
  }

  @Test
  void whatHasNoListStaysUntilItIsInstalledOnceMore() throws Exception {
    index.wheel("pack", "1.0", Map.of("pack.py", ""), "");
    version(pip.install(spec("pip:pack"), _ -> {}));
    Files.delete(directory.pip().resolve("pack-1.0.dist-info/RECORD"));
    failed(FailureCode.SYSTEM_ERROR, pip.uninstall(spec("pip:pack").ref(), _ -> {}));
    assertEquals(List.of("pack"), names(pip));
    version(pip.install(spec("pip:pack"), _ -> {}));
    version(pip.uninstall(spec("pip:pack").ref(), _ -> {}));
    assertEquals(List.of(), names(pip));
  }

  @Test
  void aDownloadThatHangsIsGivenUp() throws Exception {
    index.hangingWheel("slow");
    var limits = new InstallLimits(Duration.ofSeconds(8), Duration.ofMinutes(1));
    failed(
        FailureCode.TIMEOUT,
        new PipInstaller(directory, limits).install(spec("pip:slow"), _ -> {}));
    index.awaitDownload();
    assertFalse(
        ProcessHandle.allProcesses()
            .anyMatch(
                process ->
                    process
                        .info()
                        .commandLine()
                        .filter(line -> line.contains(directory.base().toString()))
                        .isPresent()),
        "nobody works on");
    assertEquals(List.of(), pip.list());
  }
}
