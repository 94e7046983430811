package clawster.runtime.models;

import java.util.function.Consumer;

/**
 * One answer, read in one upstream's wire format. It remembers what belongs to the whole answer
 * (usage, why it ended, which tool calls began) and hands everything else on at once. One per
 * attempt; not thread-safe. An error the upstream reports is thrown as {@link UpstreamError},
 * nonsense as a malformed {@link ModelFailure}.
 */
interface UpstreamAnswer {

  /**
   * Reads the data of one event.
   *
   * @return whether the answer went on; false for a mere sign of life
   */
  boolean read(byte[] data, int offset, int length, Consumer<ModelEvent> events);

  /** Reads an answer that came as one JSON document, as from an upstream that does not stream. */
  void readWhole(byte[] body, Consumer<ModelEvent> events);

  /** The terminator has come: whatever follows is not ours. */
  boolean ended();

  /** Enough has come to call the answer whole, should the stream end here. */
  boolean whole();

  ModelEvent.Finished finished();
}
