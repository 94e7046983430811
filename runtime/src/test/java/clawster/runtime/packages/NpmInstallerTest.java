package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static clawster.runtime.packages.Given.spec;
import static clawster.runtime.packages.Given.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.packages.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The real npm, with a registry of our own. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
final class NpmInstallerTest {

  @TempDir private Path place;
  private LocalIndex index;
  private RuntimeDirectory directory;
  private NpmInstaller npm;

  @BeforeEach
  void begin() throws IOException {
    Given.assumeProgram("npm");
    index = new LocalIndex();
    var environment = new HashMap<>(index.environment());
    environment.put("CLAWSTER_SECRET", "secret");
    directory = RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment));
    npm = new NpmInstaller(directory, Given.LIMITS);
  }

  @AfterEach
  void end() {
    if (index != null) {
      index.close();
    }
  }

  @Test
  void aPackageComesIsUsedAndGoes() throws Exception {
    index.module("@scope/tiny", "1.0.0", ",\"bin\":{\"tiny\":\"index.js\"}");
    index.module("plain", "2.1.0", "");
    var progress = Collections.synchronizedList(new ArrayList<String>());
    assertEquals("1.0.0", version(npm.install(spec("npm:@scope/tiny@1.0.0"), progress::add)));
    assertEquals("2.1.0", version(npm.install(spec("npm:plain"), progress::add)));
    assertTrue(progress.stream().anyMatch(line -> line.contains("fetch")), progress::toString);
    assertEquals(
        List.of(
            new InstalledPackage("@scope/tiny", "1.0.0"), new InstalledPackage("plain", "2.1.0")),
        npm.list());
    assertEquals(
        "1.0.0", Given.run(directory, "node", "-e", "console.log(require('@scope/tiny'))"));
    assertEquals("", Given.run(directory, "tiny"));
    assertEquals("none", version(npm.uninstall(spec("npm:@scope/tiny").ref(), progress::add)));
    assertEquals("none", version(npm.uninstall(spec("npm:plain").ref(), progress::add)));
    assertEquals(List.of(), npm.list());
    assertFalse(Files.exists(directory.npm().resolve("bin/tiny")));
    try (var cached = Files.list(directory.npmCache())) {
      assertEquals(List.of(), cached.toList());
    }
  }

  @Test
  void whatIsNotInstalledIsGone() {
    assertEquals("none", version(npm.uninstall(spec("npm:never").ref(), _ -> {})));
  }

  @Test
  void anotherVersionReplacesTheOne() throws Exception {
    index.module("pack", "1.0.0", "");
    version(npm.install(spec("npm:pack"), _ -> {}));
    index.module("pack", "2.0.0", "");
    assertEquals("2.0.0", version(npm.install(spec("npm:pack@2.0.0"), _ -> {})));
    assertEquals(List.of(new InstalledPackage("pack", "2.0.0")), npm.list());
  }

  @Test
  void whatDoesNotExistIsNotFound() throws Exception {
    index.module("pack", "1.0.0", "");
    failed(FailureCode.NOT_FOUND, npm.install(spec("npm:nosuch"), _ -> {}));
    failed(FailureCode.NOT_FOUND, npm.install(spec("npm:pack@9.9.9"), _ -> {}));
    assertEquals(List.of(), npm.list());
  }

  @Test
  void whoMayNotReadDoesNotSayThatItIsNotThere() throws Exception {
    index.module("pack", "1.0.0", "");
    index.answers(403);
    failed(FailureCode.PERMISSION, npm.install(spec("npm:pack"), _ -> {}));
  }

  /** Another node may have installed it into the same directory meanwhile. */
  @Test
  void whatIsThereAsAskedForIsNotInstalledAgain() throws Exception {
    index.module("pack", "1.2.0", "");
    version(npm.install(spec("npm:pack"), _ -> {}));
    index.answers(403);
    for (var there : List.of("npm:pack", "npm:pack@1.2.0", "npm:pack@1.2")) {
      assertEquals("1.2.0", version(npm.install(spec(there), _ -> {})), there);
    }
    for (var other : List.of("npm:pack@1.3.0", "npm:pack@latest")) {
      failed(FailureCode.PERMISSION, npm.install(spec(other), _ -> {}));
    }
  }

  /** Its own script runs, as it must, but sees nothing of what this node knows. */
  @Test
  void aScriptThatFailsIsAFailure() throws Exception {
    index.module(
        "broken",
        "1.0.0",
        ",\"scripts\":{\"postinstall\":\"env > %s; echo too bad >&2; exit 7\"}"
            .formatted(place.resolve("seen")));
    var failed = failed(FailureCode.SYSTEM_ERROR, npm.install(spec("npm:broken"), _ -> {}));
    assertTrue(failed.error().contains("too bad"), failed::error);
    assertFalse(Files.readString(place.resolve("seen")).contains("CLAWSTER"));
    assertEquals(List.of(), npm.list());
  }

  @Test
  void whatIsInTheWayIsAConflict() throws Exception {
    index.module("one", "1.0.0", ",\"bin\":{\"same\":\"index.js\"}");
    index.module("two", "1.0.0", ",\"bin\":{\"same\":\"index.js\"}");
    version(npm.install(spec("npm:one"), _ -> {}));
    failed(FailureCode.CONFLICT, npm.install(spec("npm:two"), _ -> {}));
  }

  @Test
  void whatWasPutAsideWhenItWasKilledIsInNobodysWay() throws Exception {
    index.module("pack", "1.0.0", "");
    version(npm.install(spec("npm:pack"), _ -> {}));
    var aside = Files.createDirectory(directory.npmModules().resolve(".pack-AbCdEf12"));
    Files.writeString(aside.resolve("x"), "x");
    assertEquals("none", version(npm.uninstall(spec("npm:pack").ref(), _ -> {})));
    assertFalse(Files.exists(aside));
  }

  @Test
  void settingsBelowTheDirectoryCountForNothing() throws Exception {
    index.module("pack", "1.0.0", "");
    Files.createDirectories(directory.npm().resolve("etc"));
    Files.writeString(
        directory.npm().resolve("etc/npmrc"), "script-shell=/bin/false\noffline=true\n");
    assertEquals("1.0.0", version(npm.install(spec("npm:pack"), _ -> {})));
  }
}
