package clawster.faults;

import java.util.Optional;

/**
 * One message of the recording client, and all it knows of it.
 *
 * @param number in its session, from 1
 * @param marker unique; part of the message's text
 * @param began nanoseconds on this machine's clock, as {@code ended}
 * @param run what the node called it, where it said so
 * @param told the text that came, as far as it came
 */
record Op(
    String session,
    int number,
    String marker,
    long began,
    long ended,
    Result result,
    Optional<String> run,
    Telling telling,
    String told) {

  enum Result {
    /** The node has said that it has it. */
    ACKNOWLEDGED,
    /** The node has said that it has not. */
    REFUSED,
    /** Nobody can know. */
    UNKNOWN
  }

  enum Telling {
    /** The answer came to its end. */
    WHOLE,
    /** The caller was told that there is no more, or that it failed. */
    INTERRUPTED,
    /** It stopped in between, or nothing came. */
    BROKEN
  }

  boolean isAcknowledged() {
    return result == Result.ACKNOWLEDGED;
  }
}
