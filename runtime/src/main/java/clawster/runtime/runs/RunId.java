package clawster.runtime.runs;

import clawster.runtime.kernel.Ids;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.UUID;

/**
 * Names one run. Version 7, so a day of runs is a range of ids (the run log is partitioned by it).
 */
public record RunId(UUID value) implements Comparable<RunId> {

  public static RunId next() {
    return new RunId(Ids.next());
  }

  /**
   * @throws IllegalArgumentException if {@code text} is not a uuid
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static RunId of(String text) {
    return new RunId(UUID.fromString(text));
  }

  /** When it was made, to the millisecond. */
  public Instant made() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16);
  }

  @Override
  @JsonValue
  public String toString() {
    return value.toString();
  }

  @Override
  public int compareTo(RunId other) {
    return value.compareTo(other.value);
  }
}
