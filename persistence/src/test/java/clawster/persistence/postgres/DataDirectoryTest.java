package clawster.persistence.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DataDirectoryTest {

  @TempDir Path temporary;

  @Test
  void aNewDirectoryIsPrivateAndNamesItsNode() throws Exception {
    Path wanted = temporary.resolve("a/b");
    try (DataDirectory directory = DataDirectory.claim(wanted, 1)) {
      assertEquals("rwx------", permissions(directory.path()));
      assertEquals(
          ProcessHandle.current().pid() + "\n", Files.readString(wanted.resolve("node.pid")));
    }
    assertFalse(Files.exists(wanted.resolve("node.pid")));
  }

  @Test
  void anOpenDirectoryIsMadePrivate() throws Exception {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (DataDirectory directory = DataDirectory.claim(temporary, 1)) {
      assertEquals("rwx------", permissions(directory.path()));
    }
  }

  @Test
  void aSecondClaimIsRefusedUnderAnyNameAndFreeAfterTheFirst() throws Exception {
    Path link =
        Files.createSymbolicLink(
            temporary.resolve("link"), Files.createDirectory(temporary.resolve("d")));
    try (DataDirectory _ = DataDirectory.claim(temporary.resolve("d"), 1)) {
      assertTrue(
          refusal(link).contains("is in use by process " + ProcessHandle.current().pid() + ";"));
      DataDirectory.claim(link, 2).close();
    }
    DataDirectory.claim(link, 1).close();
  }

  @Test
  void anotherProcessIsRefusedAndToldWho() throws Exception {
    DataDirectory.claim(temporary, 1).close();
    try (NodeProcess node = NodeProcess.claiming(temporary)) {
      node.awaitLine("claimed");
      assertEquals(
          "Node 1 of the data directory %s is in use by process %d; --node N adds another one."
              .formatted(temporary.toRealPath(), node.pid()),
          refusal(temporary));
      node.kill();
      DataDirectory.claim(temporary, 1).close();
    }
  }

  @Test
  void aFileIsNoDataDirectory() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertEquals("The data directory " + file + " is a file.", refusal(file));
  }

  @Test
  void aDirectoryBelowAFileIsRefusedInOneSentence() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertFalse(refusal(file.resolve("below")).contains("\n"));
  }

  private static String refusal(Path directory) {
    return assertThrows(StartRefused.class, () -> DataDirectory.claim(directory, 1)).getMessage();
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
