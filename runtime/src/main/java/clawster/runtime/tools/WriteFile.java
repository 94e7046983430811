package clawster.runtime.tools;

import clawster.runtime.models.ToolSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a text file in the workspace. Not idempotent: between the two writes somebody may have
 * changed the file, and writing again would undo that.
 */
final class WriteFile implements Tool {

  private static final int MAX_BYTES = 1 << 20;

  private static final ToolSpec SPEC =
      new ToolSpec(
          "write_file",
          "Writes a text file in the workspace, replacing what was there.",
          """
          {"type":"object","properties":{"path":{"type":"string",\
          "description":"path relative to the workspace"},"content":{"type":"string"}},\
          "required":["path","content"],"additionalProperties":false}\
          """);

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public boolean idempotent() {
    return false;
  }

  @Override
  public ToolResult run(ToolContext context, String arguments) {
    var parsed = Arguments.parse(arguments);
    var path = parsed.flatMap(a -> a.text("path"));
    var content = parsed.flatMap(a -> a.text("content"));
    if (path.isEmpty() || content.isEmpty()) {
      return ToolResult.error("path and content are required, both as strings");
    }
    var bytes = content.get().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      return ToolResult.error("content is over 1 MiB");
    }
    try {
      var workspace = Files.createDirectories(context.workspace()).toRealPath();
      var target = WorkspacePath.resolve(workspace, path.get());
      if (target.isEmpty()) {
        return ToolResult.error("not a path inside the workspace: " + path.get());
      }
      replace(target.get(), bytes);
      return ToolResult.ok("wrote " + bytes.length + " bytes to " + path.get());
    } catch (IOException e) {
      return ToolResult.error("could not write " + path.get() + ": " + why(e));
    }
  }

  /** Without the path, which is the host's and not the model's to know. */
  private static String why(IOException failure) {
    return switch (failure) {
      case FileAlreadyExistsException _ -> "a file is where a directory would have to be";
      case AccessDeniedException _ -> "access is denied";
      case FileSystemException told when told.getReason() != null -> told.getReason();
      case FileSystemException _ -> "the file system refuses it";
      default -> failure.getMessage();
    };
  }

  /** All or nothing: a crash leaves the old file or the new one, never half of it. */
  private static void replace(Path target, byte[] bytes) throws IOException {
    Files.createDirectories(target.getParent());
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a file");
    }
    var draft = Files.createTempFile(target.getParent(), ".draft-", ".tmp");
    try {
      Files.write(draft, bytes);
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
