package clawster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class RotatedFileTest {

  private static final long MAX = 100;
  private static final int OLDER = 2;

  @TempDir private Path data;
  private Path logs;
  private RotatedFile file;

  @BeforeEach
  void begin() {
    logs = data.resolve("logs");
    file = another();
  }

  @AfterEach
  void end() throws IOException {
    file.close();
  }

  private RotatedFile another() {
    return new RotatedFile(logs, "f", MAX, OLDER);
  }

  private static byte[] line(Object text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void append(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      file.append(line("line %03d!".formatted(i)));
    }
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(logs)) {
      return all.sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void theYoungestLinesAreKeptInOrderAndTheFilesHaveAnEnd() throws IOException {
    append(0, 1000);
    assertEquals(List.of(logs.resolve("f"), logs.resolve("f.1"), logs.resolve("f.2")), files());
    for (var path : files()) {
      assertTrue(Files.size(path) <= MAX, path + " has " + Files.size(path) + " bytes");
    }
    var kept =
        files().reversed().stream()
            .flatMap(
                path -> {
                  try {
                    return Files.readAllLines(path).stream();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .toList();
    assertTrue(kept.size() > MAX / 10, kept.toString());
    var youngest =
        IntStream.range(1000 - kept.size(), 1000).mapToObj("line %03d!"::formatted).toList();
    assertEquals(youngest, kept);
  }

  @Test
  void filesAndDirectoryAreTheirOwnersAlone() throws IOException {
    append(0, 1000);
    assertEquals("rwx------", mode(logs));
    for (var path : files()) {
      assertEquals("rw-------", mode(path), path.toString());
    }
  }

  @Test
  void whatAnEarlierProcessWroteStaysAndWhatItHadNotFinishedIsALineOfItsOwn() throws IOException {
    append(0, 1);
    file.close();
    append(1, 2);
    file.close();
    Files.writeString(logs.resolve("f"), Files.readString(logs.resolve("f")) + "torn");
    append(2, 3);
    assertEquals(
        List.of("line 000!", "line 001!", "torn", "line 002!"),
        Files.readAllLines(logs.resolve("f")));
  }

  /** No file can be moved over a directory that is not empty. */
  @Test
  void aFileThatCannotBeSetAsideDoesNotGrowAndGoesOnOnceItCan() throws IOException {
    var obstacle = Files.createDirectories(logs.resolve("f.2/obstacle"));
    append(0, 20);
    for (int i = 0; i < 20; i++) {
      assertThrows(IOException.class, () -> append(20, 21));
    }
    assertEquals(MAX, Files.size(logs.resolve("f")));
    assertEquals(MAX, Files.size(logs.resolve("f.1")));
    Files.delete(obstacle);
    Files.delete(logs.resolve("f.2"));
    append(20, 21);
    assertEquals("line 020!\n", Files.readString(logs.resolve("f")));
    assertEquals(3, files().size());
  }

  @Test
  void aDiskThatIsFullIsAnExceptionUntilThereIsRoom() throws IOException {
    Files.createDirectories(logs);
    Files.createSymbolicLink(logs.resolve("f"), Path.of("/dev/full"));
    for (int i = 0; i < 3; i++) {
      var full = assertThrows(IOException.class, () -> append(0, 1));
      assertEquals("No space left on device", full.getMessage());
    }
    Files.delete(logs.resolve("f"));
    append(0, 1);
    assertEquals("line 000!\n", Files.readString(logs.resolve("f")));
  }

  @Test
  void aDirectoryThatCannotBeMadeIsAnExceptionUntilItCan() throws IOException {
    Files.createFile(logs);
    assertThrows(IOException.class, file::open);
    assertThrows(IOException.class, () -> append(0, 1));
    Files.delete(logs);
    append(0, 1);
    assertEquals("line 000!\n", Files.readString(logs.resolve("f")));
  }

  /** As logback's own writers are when they end. */
  @Test
  void aThreadThatIsInterruptedStillWrites() throws IOException {
    append(0, 1);
    Thread.currentThread().interrupt();
    try {
      append(1, 30);
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertTrue(Files.readString(logs.resolve("f")).endsWith("line 029!\n"));
  }
}
