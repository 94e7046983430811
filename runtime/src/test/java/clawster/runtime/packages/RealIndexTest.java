package clawster.runtime.packages;

import static clawster.runtime.packages.Given.names;
import static clawster.runtime.packages.Given.spec;
import static clawster.runtime.packages.Given.version;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real packages from wherever this machine has them, if it has. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
final class RealIndexTest {

  @TempDir private Path place;

  private RuntimeDirectory directory(Map<String, String> more) throws IOException {
    var environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("PYTHON"));
    environment.putAll(more);
    return RuntimeDirectory.open(place.resolve("runtime"), new NodeEnvironment(environment));
  }

  private static String asked(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(false).start();
    return new String(process.getInputStream().readAllBytes()).strip();
  }

  /** Installers get variables only; this machine may have its settings in files. */
  private static Map<String, String> pipSettings() throws IOException {
    var variables = new HashMap<String, String>();
    var setting = Pattern.compile("(?m)^global\\.(index-url|extra-index-url|cert)='(.*)'$");
    var told = setting.matcher(asked("pip3", "config", "list"));
    while (told.find()) {
      variables.put(
          "PIP_" + told.group(1).toUpperCase(Locale.ROOT).replace('-', '_'), told.group(2));
    }
    return variables;
  }

  private static void assumeReached(Outcome outcome) {
    assumeTrue(
        !(outcome instanceof Outcome.Failed(var code, _) && code == FailureCode.NETWORK),
        () -> "SKIPPED: no index can be reached: " + outcome);
  }

  @Test
  void aPythonPackageComesAndGoes() throws Exception {
    Given.assumeProgram("pip3");
    var directory = directory(pipSettings());
    var pip = new PipInstaller(directory, Given.LIMITS);
    var outcome = pip.install(spec("pip:idna"), _ -> {});
    assumeReached(outcome);
    assertTrue(version(outcome).startsWith("3."), outcome::toString);
    assertEquals(List.of("idna"), names(pip));
    assertTrue(
        Given.run(directory, "python3", "-c", "import idna; print(idna.__file__)")
            .startsWith(directory.pip().toString()));
    version(pip.uninstall(spec("pip:idna").ref(), _ -> {}));
    assertEquals(List.of(), names(pip));
  }

  @Test
  void aNodePackageComesAndGoes() throws Exception {
    Given.assumeProgram("npm");
    var directory =
        directory(
            Map.of(
                "NPM_CONFIG_REGISTRY", asked("npm", "config", "get", "registry"),
                "NPM_CONFIG_GLOBALCONFIG", asked("npm", "config", "get", "globalconfig")));
    var npm = new NpmInstaller(directory, Given.LIMITS);
    var outcome = npm.install(spec("npm:is-odd@3.0.1"), _ -> {});
    assumeReached(outcome);
    assertEquals("3.0.1", version(outcome));
    assertEquals(List.of("is-odd"), names(npm));
    assertEquals("true", Given.run(directory, "node", "-p", "require('is-odd')(3)"));
    version(npm.uninstall(spec("npm:is-odd").ref(), _ -> {}));
    assertEquals(List.of(), names(npm));
  }
}
