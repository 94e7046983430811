package clawster.runtime.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is listed as a package's file was written by a stranger. */
final class PythonTargetTest {

  @TempDir private Path place;
  private Path root;
  private PythonTarget target;

  @BeforeEach
  void begin() throws IOException {
    root = Files.createDirectory(place.toRealPath().resolve("target"));
    target = new PythonTarget(root);
  }

  private Path file(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "x");
  }

  private Path file(String name) throws IOException {
    return file(root.resolve(name));
  }

  /** Each of the files is made, and listed. */
  private void installed(String info, String... files) throws IOException {
    for (var name : files) {
      file(name);
    }
    list(info, files);
  }

  private void list(String info, String... lines) throws IOException {
    file(info + "/METADATA");
    Files.writeString(
        root.resolve(info + "/RECORD"),
        String.join(",sha256=x,1\n", lines) + ",,\n" + info + "/RECORD,,\n");
  }

  private void remove(String name) throws IOException {
    var found = target.called(name);
    assertEquals(1, found.size());
    target.remove(found.getFirst());
  }

  private List<String> left() throws IOException {
    try (var all = Files.walk(root)) {
      return all.map(root::relativize)
          .map(Path::toString)
          .filter(name -> !name.isEmpty())
          .sorted()
          .toList();
    }
  }

  @Test
  void nothingIsLeft() throws IOException {
    installed(
        "Ruamel.yaml-1.0.dist-info", "pkg/__init__.py", "pkg/deep/er/x.so", "one.py", "bin/run");
    file("pkg/__pycache__/__init__.cpython-312.pyc");
    file("pkg/__pycache__/__init__.cpython-313.opt-1.pyc");
    file("__pycache__/one.cpython-312.pyc");
    file("Ruamel.yaml-1.0.dist-info/not-listed");
    remove("ruamel-yaml");
    assertEquals(List.of(), left());
    assertEquals(List.of(), target.called("ruamel-yaml"));
  }

  /** As pip writes them when it is given a target. */
  @Test
  void scriptsAreListedAsOutside() throws IOException {
    file("bin/run");
    file("share/data");
    var outside = file(place.resolve("bin/run"));
    list("a-1.dist-info", "../../bin/run", "../../share/data");
    remove("a");
    assertEquals(List.of(), left());
    assertTrue(Files.exists(outside));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../victim",
        "../../victim",
        "../../../victim",
        "a/../../victim",
        "../../../../victim",
        "%s/victim",
        "/../..%s/victim",
        "link/victim",
        "../../link/victim",
        "a/up/victim",
        "link",
        ".",
        "",
        "a",
        "..",
        "../..",
        "\"../victim\"",
        "x\0y",
        "../target/../victim"
      })
  void nothingOutsideIsTouched(String line) throws IOException {
    var victim = file(place.resolve("victim"));
    file("a/kept");
    Files.createSymbolicLink(root.resolve("link"), place);
    Files.createSymbolicLink(root.resolve("a/up"), place);
    list("evil-1.dist-info", line.formatted(place));
    remove("evil");
    assertTrue(Files.exists(victim));
    assertTrue(Files.exists(root.resolve("a/kept")));
    assertTrue(Files.isSymbolicLink(root.resolve("a/up")));
  }

  @Test
  void aLinkIsRemovedAndNotWhatItPointsTo() throws IOException {
    var victim = file(place.resolve("victim"));
    Files.createSymbolicLink(root.resolve("own"), victim);
    list("a-1.dist-info", "own");
    remove("a");
    assertFalse(Files.exists(root.resolve("own"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(victim));
  }

  @Test
  void whatOthersListIsTheirs() throws IOException {
    installed("one-1.dist-info", "space/shared.py", "space/one.py", "two-1.dist-info/RECORD");
    installed("two-1.dist-info", "space/shared.py", "space/two.py");
    file("space/__pycache__/shared.cpython-312.pyc");
    list(
        "one-1.dist-info",
        "space/shared.py",
        "space/one.py",
        "two-1.dist-info/RECORD",
        "two-1.dist-info/METADATA");
    remove("one");
    assertEquals(
        List.of(
            "space",
            "space/__pycache__",
            "space/__pycache__/shared.cpython-312.pyc",
            "space/shared.py",
            "space/two.py",
            "two-1.dist-info",
            "two-1.dist-info/METADATA",
            "two-1.dist-info/RECORD"),
        left());
  }

  @Test
  void anotherThatListsNothingKeepsItsOwnDirectory() throws IOException {
    file("two-1.dist-info/METADATA");
    installed("one-1.dist-info", "one.py");
    list("one-1.dist-info", "one.py", "two-1.dist-info/METADATA");
    remove("one");
    assertEquals(List.of("two-1.dist-info", "two-1.dist-info/METADATA"), left());
    assertFalse(target.called("two").getFirst().isListed());
    assertFalse(target.called("two").getFirst().isRemnant());
  }

  @Test
  void namesWithCommasAndQuotesAreRead() throws IOException {
    installed("a-1.dist-info", "x");
    file("a,b.py");
    file("say \"hi\".py");
    list("a-1.dist-info", "\"a,b.py\"", "\"say \"\"hi\"\".py\"", "x", "\"not closed");
    remove("a");
    assertEquals(List.of(), left());
  }

  @Test
  void whatCannotBeThereIsInNobodysWay() throws IOException {
    installed("a-1.dist-info", "x");
    list("a-1.dist-info", "x", "y".repeat(300), ("z".repeat(200) + "/").repeat(20) + "z");
    remove("a");
    assertEquals(List.of(), left());
  }

  @Test
  void aLinkIsNoPackage() throws IOException {
    installed("a-1.dist-info", "x");
    Files.createSymbolicLink(root.resolve("b-1.dist-info"), root.resolve("a-1.dist-info"));
    assertEquals(List.of(), target.called("b"));
  }

  @Test
  void aNewVersionTakesThePlaceOfTheOldOne() throws IOException {
    installed("a-1.dist-info", "a/old.py", "a/both.py", "bin/a");
    installed("b-1.dist-info", "bin/b", "a/of_b.py");
    staged("A-2.dist-info", "a/both.py", "a/new.py", "bin/a2");
    target.adopt(place.resolve("stage"));
    try (var all = Stream.of("a/old.py", "a-1.dist-info", "bin/a")) {
      assertTrue(all.noneMatch(name -> Files.exists(root.resolve(name))), () -> "old is left");
    }
    try (var all = Stream.of("a/both.py", "a/new.py", "a/of_b.py", "bin/a2", "bin/b")) {
      assertTrue(all.allMatch(name -> Files.exists(root.resolve(name))), () -> "too much is gone");
    }
    assertEquals(
        List.of(new InstalledPackage("a", "2"), new InstalledPackage("b", "1")), target.list());
  }

  /** It was there before, without its list; with the new one it can be removed. */
  @Test
  void whatHadNoListHasOneAfterwards() throws IOException {
    file("a-1.dist-info/METADATA");
    file("a.py");
    staged("a-1.dist-info", "a.py");
    target.adopt(place.resolve("stage"));
    remove("a");
    assertEquals(List.of(), left());
  }

  @Test
  void nothingIsPutThroughALink() throws IOException {
    var elsewhere = Files.createDirectory(place.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("a"), elsewhere);
    staged("a-1.dist-info", "a/x.py");
    target.adopt(place.resolve("stage"));
    assertFalse(Files.isSymbolicLink(root.resolve("a")));
    assertTrue(Files.exists(root.resolve("a/x.py")));
    assertFalse(Files.exists(elsewhere.resolve("x.py")));
  }

  /** It would be read whenever another is removed. */
  @ParameterizedTest
  @MethodSource("longLists")
  void whoseListIsTooLongDoesNotComeIn(String list) throws IOException {
    installed("a-1.dist-info", "a.py");
    staged("a-2.dist-info", "b.py");
    var record = place.resolve("stage/a-2.dist-info/RECORD");
    Files.writeString(record, list);
    var before = left();
    assertThrows(IOException.class, () -> target.adopt(place.resolve("stage")));
    assertEquals(before, left(), "nothing has changed");
    Files.writeString(record, list.substring(0, list.length() - 2));
    target.adopt(place.resolve("stage"));
    assertEquals(List.of(new InstalledPackage("a", "2")), target.list());
  }

  static Stream<String> longLists() {
    return Stream.of(
        "f,,\n".repeat(BoundedLines.MAX_LINES) + "f",
        "x".repeat(4097),
        ("x".repeat(127) + "\n").repeat((int) BoundedLines.MAX_BYTES / 128) + "x");
  }

  private void staged(String info, String... files) throws IOException {
    var stage = place.resolve("stage");
    for (var name : files) {
      file(stage.resolve(name));
    }
    file(stage.resolve(info + "/METADATA"));
    Files.writeString(stage.resolve(info + "/RECORD"), String.join(",,\n", files) + ",,\n");
  }
}
