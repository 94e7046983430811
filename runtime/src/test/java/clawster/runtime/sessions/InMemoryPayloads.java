package clawster.runtime.sessions;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Payloads of one JVM. */
final class InMemoryPayloads implements Payloads {

  private final Map<UUID, byte[]> stored = new ConcurrentHashMap<>();

  volatile Thread lastWriter;

  @Override
  public CompletionStage<UUID> store(byte[] payload) {
    lastWriter = Thread.currentThread();
    var id = UUID.randomUUID();
    stored.put(id, payload);
    return CompletableFuture.completedStage(id);
  }

  @Override
  public CompletionStage<byte[]> load(UUID id) {
    var payload = stored.get(id);
    return payload == null
        ? CompletableFuture.failedStage(new IllegalArgumentException("no payload " + id))
        : CompletableFuture.completedStage(payload);
  }
}
