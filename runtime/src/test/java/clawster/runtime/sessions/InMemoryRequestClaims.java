package clawster.runtime.sessions;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Claims of one JVM; they never have had their time. */
final class InMemoryRequestClaims implements RequestClaims {

  private record Name(String principal, String key) {}

  private final Map<Name, Held> held = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Held> claim(String principal, String key, Claim claim) {
    return CompletableFuture.completedStage(
        held.computeIfAbsent(new Name(principal, key), _ -> new Held(claim, false)));
  }

  @Override
  public CompletionStage<Void> forget(SessionKey session) {
    held.replaceAll(
        (_, each) -> each.claim().session().equals(session) ? new Held(each.claim(), true) : each);
    return CompletableFuture.completedStage(null);
  }
}
