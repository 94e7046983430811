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
    Reply reply,
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

  /**
   * What the node said.
   *
   * @param status 0 if it said nothing
   * @param saysWhen whether it said when to come again
   */
  record Reply(int status, boolean saysWhen) {

    static final Reply NONE = new Reply(0, false);
    static final Reply GOOD = new Reply(200, false);

    /** It cannot now, and says when it may. */
    boolean isUnavailable() {
      return status == 503 && saysWhen;
    }

    /** As {@link #isUnavailable}, or there is too much to do. */
    boolean putsOff() {
      return isUnavailable() || status == 429 && saysWhen;
    }
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
