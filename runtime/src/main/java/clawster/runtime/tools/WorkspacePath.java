package clawster.runtime.tools;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The one place that decides whether a path a model wrote lies in a workspace. Fails closed:
 * absolute paths, {@code ..}, control characters and any symbolic link on the way are refused.
 */
final class WorkspacePath {

  private static final int MAX_LENGTH = 1024;

  private WorkspacePath() {}

  /**
   * @param workspace a real path, links resolved
   */
  static Optional<Path> resolve(Path workspace, String written) {
    if (written.isBlank() || written.length() > MAX_LENGTH || hasControl(written)) {
      return Optional.empty();
    }
    Path relative;
    try {
      relative = Path.of(written.replace('\\', '/'));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
    if (relative.isAbsolute() || written.startsWith("~")) {
      return Optional.empty();
    }
    var walked = workspace;
    for (var name : relative) {
      if (name.toString().equals("..")) {
        return Optional.empty();
      }
      walked = walked.resolve(name);
      if (Files.exists(walked, LinkOption.NOFOLLOW_LINKS) && Files.isSymbolicLink(walked)) {
        return Optional.empty();
      }
    }
    var target = walked.normalize();
    return target.startsWith(workspace) && !target.equals(workspace)
        ? Optional.of(target)
        : Optional.empty();
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
