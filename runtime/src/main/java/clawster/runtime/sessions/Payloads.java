package clawster.runtime.sessions;

import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Where big messages wait while a reference to them travels between nodes, whose frames are small.
 * What is stored here is forgotten an hour later.
 */
public interface Payloads {

  /** Completes once every node can load it. */
  CompletionStage<UUID> store(byte[] payload);

  /** Fails if it is not there any more. */
  CompletionStage<byte[]> load(UUID id);
}
