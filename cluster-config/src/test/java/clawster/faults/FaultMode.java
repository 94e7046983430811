package clawster.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a {@link FaultProxy} does with what passes. */
sealed interface FaultMode {

  FaultMode PASS = new Pass();
  FaultMode STALL = new Stall();
  FaultMode CUT = new Cut();

  enum Way {
    REQUESTS,
    ANSWERS
  }

  record Pass() implements FaultMode {}

  /** Each piece is held that long, both ways. */
  record Delay(Duration by) implements FaultMode {}

  /** What goes one way is thrown away. The connections it hits are cut when the mode ends. */
  record Drop(Way way) implements FaultMode {}

  /** Nothing moves, nothing is lost, and new connections are taken. */
  record Stall() implements FaultMode {}

  /** No connection lives, none is taken. */
  record Cut() implements FaultMode {}

  /** A connection is cut once so many bytes have passed since the mode began, mid-frame. */
  record CutAfter(long bytes) implements FaultMode {}

  record Slow(int bytesPerSecond) implements FaultMode {}

  /**
   * Every answer with these bytes is lost, and its connection with it. What was asked has been
   * done.
   */
  record LoseAnswer(String bytes) implements FaultMode {

    /** The transaction is in the database, and who committed it does not know. */
    static LoseAnswer toCommit() {
      return new LoseAnswer("COMMIT\0");
    }

    byte[] wanted() {
      return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }
  }
}
