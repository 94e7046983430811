package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there, by what is in the directory. */
final class NodeModulesTest {

  @TempDir private Path place;

  private NodeModules modules() {
    return new NodeModules(place.resolve("lib/node_modules"));
  }

  private void has(String directory, String told) throws IOException {
    var of = Files.createDirectories(modules().root().resolve(directory));
    Files.writeString(of.resolve("package.json"), told);
  }

  @Test
  void thereMayBeNone() throws IOException {
    assertEquals(List.of(), modules().list());
    modules().removeLeftovers();
  }

  @Test
  void packagesAreFoundInScopesToo() throws IOException {
    has("z", "{\"version\":\"1.0.0\"}");
    has("@a/b", "{\"version\":\"2.0.0\",\"name\":\"something else\"}");
    has("z/node_modules/inner", "{\"version\":\"3.0.0\"}");
    has(".bin", "{}");
    Files.createDirectories(modules().root().resolve("@a/empty"));
    assertEquals(
        List.of(new InstalledPackage("@a/b", "2.0.0"), new InstalledPackage("z", "1.0.0")),
        modules().list());
  }

  @Test
  void whatIsToldMayBeAnything() throws IOException {
    has("nonsense", "{");
    has("list", "[1]");
    has("forged", "{\"version\":\"1\\n2\\u0007\"}");
    has("long", "{\"version\":\"" + "9".repeat(2_000) + "\"}");
    Files.createDirectories(modules().root().resolve("directory/package.json"));
    var found = modules().list();
    assertEquals(
        List.of("forged", "list", "long", "nonsense"),
        found.stream().map(InstalledPackage::name).toList());
    for (var one : found) {
      assertTrue(one.version().length() <= 500, one::name);
      assertTrue(one.version().chars().noneMatch(Character::isISOControl), one::name);
    }
  }

  @Test
  void whatNpmPutAsideIsRemoved() throws IOException {
    has(".z-AbCd1234", "{}");
    has("@a/.b-AbCd1234", "{}");
    has("z", "{}");
    modules().removeLeftovers();
    assertFalse(Files.exists(modules().root().resolve(".z-AbCd1234")));
    assertFalse(Files.exists(modules().root().resolve("@a/.b-AbCd1234")));
    assertTrue(Files.exists(modules().root().resolve("z")));
  }
}
