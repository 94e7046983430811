package clawster.runtime.packages;

import static clawster.runtime.packages.Given.failed;
import static clawster.runtime.packages.Given.spec;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What pip and npm rarely do, done by scripts in their place. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
final class ScriptedInstallerTest {

  @TempDir private Path place;

  private RuntimeDirectory directory(String program, String script, Map<String, String> more)
      throws IOException {
    var environment = new HashMap<>(Given.scripted(place, program, script));
    environment.putAll(more);
    return RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment));
  }

  private PipInstaller pip(String script) throws IOException {
    return new PipInstaller(directory("pip3", script, Map.of()), Given.LIMITS);
  }

  private NpmInstaller npm(String script) throws IOException {
    return new NpmInstaller(directory("npm", script, Map.of()), Given.LIMITS);
  }

  /** Its words, where it works, and all that it is given. */
  @Test
  void pipIsToldThisAndNoMore() throws Exception {
    var secrets =
        Map.of(
            "CLAWSTER_DATABASE_URL", "secret",
            "OPENAI_API_KEY", "secret",
            "PIP_PASSWORD", "secret",
            "PIP_INDEX_URL", "https://index",
            "NPM_CONFIG_REGISTRY", "https://registry",
            "https_proxy", "http://proxy",
            "PYTHONPATH", "/theirs",
            "LD_PRELOAD", "x");
    var seen = place.resolve("seen");
    var script = "{ printf '%s\\n' \"$@\"; pwd; ls -a; umask; env; } > " + seen + "; exit 1";
    var directory = directory("pip3", script, secrets);
    new PipInstaller(directory, Given.LIMITS).install(spec("pip:a.b"), _ -> {});
    var lines = Files.readAllLines(seen);
    var base = directory.base().toString();
    assertEquals(
        List.of(
            "install",
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--no-input",
            "--no-color",
            "--progress-bar=off",
            "--log=" + base + "/pip-scratch/pip.log",
            "--target=" + base + "/pip-scratch/stage",
            "--",
            "a-b",
            base + "/empty",
            ".",
            "..",
            "0027"),
        lines.subList(0, 14));
    var environment = lines.subList(14, lines.size());
    assertTrue(environment.contains("PIP_INDEX_URL=https://index"), lines::toString);
    assertTrue(environment.contains("https_proxy=http://proxy"), lines::toString);
    assertTrue(environment.contains("PIP_BREAK_SYSTEM_PACKAGES=1"), lines::toString);
    assertTrue(environment.contains("LC_ALL=C.UTF-8"), lines::toString);
    assertTrue(environment.contains("HOME=" + base + "/pip-scratch/home"), lines::toString);
    for (var no : List.of("secret", "registry", "theirs", "LD_PRELOAD")) {
      assertFalse(environment.stream().anyMatch(line -> line.contains(no)), lines::toString);
    }
  }

  @Test
  void npmIsToldThisAndNoMore() throws Exception {
    var seen = place.resolve("seen");
    var directory =
        directory(
            "npm",
            "{ printf '%s\\n' \"$@\"; echo ENV; env; } > " + seen + "; exit 1",
            Map.of("NPM_TOKEN", "secret", "NPM_CONFIG_REGISTRY", "https://registry"));
    new NpmInstaller(directory, Given.LIMITS).install(spec("npm:@a/b@1.0.0"), _ -> {});
    var lines = Files.readAllLines(seen);
    assertEquals(List.of("--", "@a/b@1.0.0", "ENV"), lines.subList(10, 13));
    var base = directory.base().toString();
    assertTrue(lines.contains("NPM_CONFIG_REGISTRY=https://registry"), lines::toString);
    assertTrue(lines.contains("NPM_CONFIG_PREFIX=" + base + "/npm-global"), lines::toString);
    assertTrue(lines.contains("NPM_CONFIG_CACHE=" + base + "/npm-cache"), lines::toString);
    assertFalse(lines.stream().anyMatch(line -> line.contains("secret")), lines::toString);
  }

  @Test
  void aFullDiskIsToldApart() throws Exception {
    failed(
        FailureCode.DISK_FULL,
        pip("echo \"ERROR: [Errno 28] No space left on device\" >&2; exit 1")
            .install(spec("pip:a"), _ -> {}));
    failed(
        FailureCode.DISK_FULL,
        npm("echo npm error code ENOSPC >&2; exit 1").install(spec("npm:a"), _ -> {}));
  }

  @Test
  void passwordsOfIndexesAreNeitherProgressNorError() throws Exception {
    var progress = Collections.synchronizedList(new ArrayList<String>());
    var failed =
        failed(
            FailureCode.SYSTEM_ERROR,
            pip("echo Looking in https://me:secret@host/simple; echo https://me:secret@x >&2; exit"
                    + " 1")
                .install(spec("pip:a"), progress::add));
    assertFalse(failed.error().contains("secret"), failed::error);
    assertEquals(2, progress.size());
    assertFalse(progress.toString().contains("secret"), progress::toString);
  }

  /** It and all that it has begun, whether they listen or not. */
  @Test
  void whoeverTakesTooLongIsStoppedWithAllItBegan() throws Exception {
    var pids = place.resolve("pids");
    var script =
        "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 1; done' & echo $$ $! > "
            + pids
            + "; while :; do sleep 1; done";
    var directory = directory("pip3", script, Map.of());
    var limits = new InstallLimits(Duration.ofSeconds(10), Duration.ofSeconds(3));
    var outcome = new PipInstaller(directory, limits).install(spec("pip:a"), _ -> {});
    assertEquals("stopped after 10 s", failed(FailureCode.TIMEOUT, outcome).error());
    for (var pid : Files.readString(pids).strip().split(" ")) {
      var process = ProcessHandle.of(Long.parseLong(pid));
      process.ifPresent(handle -> handle.onExit().join());
    }
    assertFalse(Files.exists(directory.base().resolve("pip-scratch")));
  }

  @Test
  void whatCameOfItHasToBeThere() throws Exception {
    failed(FailureCode.NOT_FOUND, pip("exit 0").install(spec("pip:a"), _ -> {}));
    failed(FailureCode.NOT_FOUND, npm("exit 0").install(spec("npm:a"), _ -> {}));
    var stays =
        "mkdir -p $NPM_CONFIG_PREFIX/lib/node_modules/a && cd $NPM_CONFIG_PREFIX/lib"
            + "/node_modules/a && echo '{\"version\":\"1\"}' > package.json";
    failed(FailureCode.SYSTEM_ERROR, npm(stays).uninstall(spec("npm:a").ref(), _ -> {}));
  }

  @Test
  void whoIsNotThereCannotBeAsked() throws Exception {
    var tools = Files.createDirectory(place.resolve("tools"));
    for (var tool : List.of("setsid", "flock", "timeout", "true")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    var nobody =
        RuntimeDirectory.open(
            place.resolve("runtime"), new NodeEnvironment(Map.of("PATH", tools.toString())));
    var pip = new PipInstaller(nobody, Given.LIMITS);
    failed(FailureCode.HELPER_UNAVAILABLE, pip.install(spec("pip:a"), _ -> {}));
    assertEquals(List.of(), pip.list(), "what is there needs nobody");
  }
}
