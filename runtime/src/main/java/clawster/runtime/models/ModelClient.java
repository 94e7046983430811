package clawster.runtime.models;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** One upstream that answers model requests. */
public interface ModelClient {

  /**
   * The answer, as it comes. Nothing is sent before the source is materialised, each
   * materialisation is one call, and cancelling it closes the upstream connection. The stream is
   * back-pressured; it ends after exactly one {@link ModelEvent.Finished}, or fails with a {@link
   * ModelFailure} and nothing else.
   */
  Source<ModelEvent, NotUsed> stream(ModelRequest request);

  /** What this upstream can do with {@code model}, so that recovery can choose how to go on. */
  ModelCapabilities capabilities(String model);
}
