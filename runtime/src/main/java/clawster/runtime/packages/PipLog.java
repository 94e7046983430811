package clawster.runtime.packages;

import clawster.packages.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What pip notes of the indexes it asked. It tells nobody else: of an index that is busy or lets
 * nobody in it says that it has no such package.
 */
record PipLog(Path file) {

  private static final Pattern FAILED = Pattern.compile("Could not fetch URL \\S+: (\\d{3})?");

  private static final Pattern NO_INDEX = Pattern.compile("Skipping page \\S+ because");

  private static final Pattern ANSWERED = Pattern.compile("Fetched page \\S+ as");

  /** Why there is no such package: because all indexes say so, or because one says nothing. */
  FailureCode whyNotFound() {
    try (var lines = new BoundedLines(file)) {
      var told = EnumSet.noneOf(FailureCode.class);
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        note(line.get(), told);
      }
      return told.contains(FailureCode.PERMISSION) && !told.contains(FailureCode.NETWORK)
          ? FailureCode.PERMISSION
          : told.equals(EnumSet.of(FailureCode.NOT_FOUND))
              ? FailureCode.NOT_FOUND
              : FailureCode.NETWORK;
    } catch (IOException _) {
      return FailureCode.NETWORK;
    }
  }

  private static void note(String line, Set<FailureCode> told) {
    var failed = FAILED.matcher(line);
    if (failed.find()) {
      told.add(meaning(String.valueOf(failed.group(1))));
    } else if (NO_INDEX.matcher(line).find()) {
      told.add(FailureCode.NETWORK);
    } else if (ANSWERED.matcher(line).find()) {
      told.add(FailureCode.NOT_FOUND);
    }
  }

  private static FailureCode meaning(String status) {
    return switch (status) {
      case "404", "410" -> FailureCode.NOT_FOUND;
      case "401", "403" -> FailureCode.PERMISSION;
      default -> FailureCode.NETWORK;
    };
  }
}
