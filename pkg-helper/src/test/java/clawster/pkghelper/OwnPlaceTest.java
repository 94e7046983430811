package clawster.pkghelper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnPlaceTest {

  @TempDir private Path place;

  private GroupPrincipal group() throws IOException {
    return Files.readAttributes(place, PosixFileAttributes.class).group();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void itIsMadeSoThatOthersSeeNothing() throws IOException {
    var own = place.resolve("own");
    OwnPlace.at(own, group());
    assertEquals("rwxr-x---", mode(own));
    OwnPlace.at(own, group());
  }

  @Test
  void whatIsWrittenIsWholeAndOurs() throws IOException {
    var own = OwnPlace.at(place.resolve("own"), group());
    own.write("list", "a\n");
    own.write("list", "b\n");
    assertEquals("b\n", Files.readString(own.file("list")));
    assertEquals("rw-r-----", mode(own.file("list")));
    assertTrue(own.isOwn("list"));
    try (var files = Files.list(place.resolve("own"))) {
      assertEquals(1, files.count());
    }
    own.delete("list");
    own.delete("list");
    assertFalse(Files.exists(own.file("list")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwxr-xr-x", "rwxrwxrwx", "rwxr-x--x"})
  void aPlaceThatOthersCanUseIsRefused(String mode) throws IOException {
    var own = Files.createDirectory(place.resolve("own"));
    mode(own, mode);
    assertThrows(StartRefused.class, () -> OwnPlace.at(own, group()));
    assertEquals(mode, mode(own), "and left as it is");
  }

  @Test
  void aLinkIsNoPlace() throws IOException {
    var elsewhere = Files.createDirectory(place.resolve("elsewhere"));
    var link = Files.createSymbolicLink(place.resolve("own"), elsewhere);
    assertThrows(StartRefused.class, () -> OwnPlace.at(link, group()));
    var file = Files.createFile(place.resolve("file"));
    assertThrows(StartRefused.class, () -> OwnPlace.at(file, group()));
  }

  @Test
  void aPlaceThatOthersCanReplaceIsRefused() throws IOException {
    var open = Files.createDirectory(place.resolve("open"));
    mode(open, "rwxrwxrwx");
    assertThrows(StartRefused.class, () -> OwnPlace.at(open.resolve("own"), group()));
    assertThrows(StartRefused.class, () -> OwnPlace.at(place.resolve("not/there"), group()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw----", "rw-r--r--", "rwxr-----"})
  void aFileThatOthersMayHaveWrittenIsNotOurs(String mode) throws IOException {
    var own = OwnPlace.at(place.resolve("own"), group());
    own.write("list", "hello\n");
    mode(own.file("list"), mode);
    assertFalse(own.isOwn("list"));
    Files.delete(own.file("list"));
    Files.createSymbolicLink(own.file("list"), Path.of("/etc/passwd"));
    assertFalse(own.isOwn("list"));
  }
}
