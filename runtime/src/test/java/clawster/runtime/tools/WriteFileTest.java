package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WriteFileTest {

  private static final int MIB = 1 << 20;

  private final WriteFile tool = new WriteFile();
  @TempDir private Path temp;
  private Path workspace;

  @BeforeEach
  void nameWorkspace() {
    workspace = temp.resolve("workspaces").resolve("writer");
  }

  @Test
  void aFileIsWrittenWithTheDirectoriesItNeeds() throws IOException {
    assertEquals(
        ToolResult.ok("wrote 13 bytes to a/b/møte.md"), write("a/b/møte.md", "Fire ✅\n🚀"));
    assertEquals("Fire ✅\n🚀", Files.readString(workspace.resolve("a/b/møte.md")));
  }

  @Test
  void whatWasThereIsReplaced() throws IOException {
    write("notes.md", "a long first version");
    assertTrue(write("notes.md", "second").ok());
    assertEquals("second", Files.readString(workspace.resolve("notes.md")));
    assertTrue(write("notes.md", "").ok());
    assertEquals("", Files.readString(workspace.resolve("notes.md")));
    assertEquals(Set.of("notes.md"), names());
  }

  @Test
  void aMebibyteIsTheMost() throws IOException {
    assertTrue(write("full", "x".repeat(MIB)).ok());
    assertEquals(MIB, Files.size(workspace.resolve("full")));
    assertEquals(
        ToolResult.error("content is over 1 MiB"), write("over", "ø".repeat(MIB / 2) + "x"));
    assertEquals(Set.of("full"), names());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"notes.md\"",
        "{\"path\":\"notes.md\"",
        "{\"path\":\"notes.md\"}",
        "{\"content\":\"text\"}",
        "{\"path\":[\"notes.md\"],\"content\":\"text\"}",
        "{\"path\":\"notes.md\",\"content\":null}",
        "{\"path\":\"notes.md\",\"content\":{\"a\":1}}"
      })
  void whatIsNotAPathWithContentIsToldSo(String arguments) {
    assertEquals(
        ToolResult.error("path and content are required, both as strings"), run(arguments));
    assertFalse(Files.exists(workspace));
  }

  @Test
  void nothingIsWrittenOutside() throws IOException {
    var outside = Files.writeString(temp.resolve("outside"), "old");
    Files.createDirectories(workspace);
    Files.createSymbolicLink(workspace.resolve("link"), outside);
    Files.createSymbolicLink(workspace.resolve("above"), temp);
    for (var path : List.of("link", "above/outside", "../../outside", outside.toString())) {
      assertEquals(
          ToolResult.error("not a path inside the workspace: " + path), write(path, "new"));
    }
    assertEquals("old", Files.readString(outside));
  }

  @Test
  void aHardLinkIsReplacedAndNotWrittenThrough() throws IOException {
    var outside = Files.writeString(temp.resolve("outside"), "old");
    Files.createDirectories(workspace);
    Files.createLink(workspace.resolve("hard"), outside);
    assertTrue(write("hard", "new").ok());
    assertEquals("old", Files.readString(outside));
    assertEquals("new", Files.readString(workspace.resolve("hard")));
  }

  @Test
  void whatIsNoFileStaysAsItIs() throws Exception {
    Files.createDirectories(workspace.resolve("directory"));
    var pipe = workspace.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (var path : List.of("directory", "pipe")) {
      assertEquals(
          ToolResult.error("could not write " + path + ": it is not a file"), write(path, "new"));
    }
    assertEquals(Set.of("directory", "pipe"), names());
    assertFalse(Files.isRegularFile(pipe));
  }

  @Test
  void whatCannotBeWrittenIsToldWithoutNamingTheHostsDirectories() {
    write("file", "text");
    for (var path : List.of("file/below", "file/further/below", "n".repeat(300))) {
      var result = write(path, "new");
      assertFalse(result.ok());
      assertTrue(result.content().startsWith("could not write " + path + ": "), result.content());
      assertFalse(result.content().contains(temp.toString()), result.content());
    }
  }

  @Test
  void aReaderSeesOneVersionOrTheOtherAndNeverHalf() throws Exception {
    var versions =
        IntStream.range(0, 4)
            .mapToObj(i -> String.valueOf((char) ('a' + i)).repeat(200_000))
            .toList();
    write("notes.md", versions.getFirst());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers =
          versions.stream()
              .map(
                  text ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 25; i++) {
                              assertTrue(write("notes.md", text).ok());
                            }
                          }))
              .toList();
      while (!writers.stream().allMatch(Future::isDone)) {
        assertTrue(versions.contains(Files.readString(workspace.resolve("notes.md"))));
      }
      for (var writer : writers) {
        writer.get();
      }
    }
    assertEquals(Set.of("notes.md"), names());
  }

  @Test
  void writingTwiceMayDoHarm() {
    assertFalse(tool.idempotent());
  }

  private ToolResult write(String path, String content) {
    return run(new ObjectMapper().valueToTree(Map.of("path", path, "content", content)).toString());
  }

  private ToolResult run(String arguments) {
    return tool.run(new ToolContext("agent:writer:desk", "call_1", workspace), arguments);
  }

  private Set<String> names() throws IOException {
    try (var files = Files.list(workspace)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
