package clawster.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where nodes are, by what the database lists; while it is away, by what it listed last. A node
 * enters itself there before it calls any other.
 */
final class KnownHosts {

  private static final int PATIENCE_SECONDS = 2;

  private final Supplier<CompletionStage<List<String>>> addresses;
  private volatile Set<String> last = Set.of();

  /**
   * @param addresses of all nodes that are not removed, {@code host:port}
   */
  KnownHosts(Supplier<CompletionStage<List<String>>> addresses) {
    this.addresses = addresses;
  }

  /** Blocks, for two seconds at most: connections between nodes are made seldom. */
  Set<String> now() {
    try {
      last =
          addresses
              .get()
              .toCompletableFuture()
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join()
              .stream()
              .map(address -> NodeAddress.parse(address).host())
              .collect(Collectors.toUnmodifiableSet());
    } catch (CompletionException e) {
      return last;
    }
    return last;
  }
}
