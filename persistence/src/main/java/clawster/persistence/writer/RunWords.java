package clawster.persistence.writer;

import clawster.runtime.runs.RunWord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Words of a run log as a kind and bytes: text as it is, everything else as JSON. Kinds are written
 * for ever; a new word takes a new number.
 */
public final class RunWords {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunWords() {}

  public static short kind(RunWord word) {
    return switch (word) {
      case RunWord.Accepted _ -> 1;
      case RunWord.Claimed _ -> 2;
      case RunWord.Text _ -> 3;
      case RunWord.Reasoning _ -> 4;
      case RunWord.ToolCalled _ -> 5;
      case RunWord.ToolSettled _ -> 6;
      case RunWord.Recovered _ -> 7;
      case RunWord.Interrupted _ -> 8;
      case RunWord.Completed _ -> 9;
      case RunWord.Failed _ -> 10;
      case RunWord.Aborted _ -> 11;
      case RunWord.Steered _ -> 12;
      case RunWord.Absorbed _ -> 13;
    };
  }

  public static byte[] payload(RunWord word) {
    return switch (word) {
      case RunWord.Text(String text) -> text.getBytes(StandardCharsets.UTF_8);
      case RunWord.Reasoning(String text) -> text.getBytes(StandardCharsets.UTF_8);
      case RunWord other -> json(other);
    };
  }

  private static byte[] json(RunWord word) {
    try {
      return JSON.writerFor(RunWord.class).writeValueAsBytes(word);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws UncheckedIOException if it is none of ours
   */
  public static RunWord word(short kind, byte[] payload) {
    return switch (kind) {
      case 3 -> new RunWord.Text(new String(payload, StandardCharsets.UTF_8));
      case 4 -> new RunWord.Reasoning(new String(payload, StandardCharsets.UTF_8));
      default -> {
        try {
          yield JSON.readValue(payload, RunWord.class);
        } catch (IOException e) {
          throw new UncheckedIOException("unreadable run log entry of kind " + kind, e);
        }
      }
    };
  }
}
