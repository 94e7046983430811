package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkspacePathTest {

  @TempDir private Path temp;
  private Path workspace;

  @BeforeEach
  void furnish() throws IOException {
    var outside = Files.createDirectories(temp.toRealPath().resolve("outside/deeper"));
    Files.writeString(outside.resolve("passwd"), "secret");
    workspace = Files.createDirectories(temp.toRealPath().resolve("workspace"));
    Files.createDirectories(workspace.resolve("a"));
    Files.writeString(workspace.resolve("inner"), "text");
    Files.createSymbolicLink(workspace.resolve("link"), outside.resolve("passwd"));
    Files.createSymbolicLink(workspace.resolve("directory-link"), outside);
    Files.createSymbolicLink(workspace.resolve("a/directory-link"), outside.getParent());
    Files.createSymbolicLink(workspace.resolve("inner-link"), workspace.resolve("inner"));
    Files.createSymbolicLink(workspace.resolve("dangling-link"), outside.resolve("nothing"));
  }

  static List<JsonNode> cases() throws IOException {
    try (var rows = WorkspacePathTest.class.getResourceAsStream("/tools/workspace-paths.jsonl")) {
      return new ObjectMapper()
          .readerFor(JsonNode.class)
          .<JsonNode>readValues(new String(rows.readAllBytes(), StandardCharsets.UTF_8))
          .readAll();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void onlyWhatLiesInTheWorkspaceResolves(JsonNode row) {
    var resolved = WorkspacePath.resolve(workspace, row.get("path").asText());
    assertEquals(row.get("inside").asBoolean(), resolved.isPresent(), row::toString);
    resolved.ifPresent(
        path -> {
          assertTrue(path.startsWith(workspace) && !path.equals(workspace), row::toString);
          assertEquals(path.normalize(), path);
        });
  }

  @Test
  void aPathIsWhatWasWritten() {
    assertEquals(
        Optional.of(workspace.resolve("a").resolve("b.txt")),
        WorkspacePath.resolve(workspace, "./a\\b.txt"));
    assertEquals(
        Optional.of(workspace.resolve("$HOME").resolve("x")),
        WorkspacePath.resolve(workspace, "$HOME/x"));
  }

  @Test
  void anAbsolutePathIsRefusedThoughItLeadsInside() {
    assertEquals(Optional.empty(), WorkspacePath.resolve(workspace, workspace + "/inner"));
  }
}
