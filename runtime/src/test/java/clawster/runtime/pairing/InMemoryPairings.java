package clawster.runtime.pairing;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.InMemoryAuditLog;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** The devices of one process. */
public final class InMemoryPairings implements Pairings {

  private final PairingRules rules = new PairingRules();
  private final InMemoryAuditLog audit;
  private PairingState state = rules.initial();
  private long revision;

  public InMemoryPairings() {
    this(new InMemoryAuditLog());
  }

  public InMemoryPairings(InMemoryAuditLog audit) {
    this.audit = audit;
  }

  @Override
  public synchronized CompletionStage<Decision<PairingEvent>> tell(
      PairingCommand command, Function<Action, AuditEntry> entry) {
    var decision = rules.decide(state, command);
    if (decision instanceof Decision.Happens<PairingEvent>(var events)) {
      events.forEach(event -> state = rules.evolve(state, event));
      audit.put(PairingEntries.of(events, entry));
      revision++;
    }
    return CompletableFuture.completedStage(decision);
  }

  @Override
  public synchronized CompletionStage<PairingState> state() {
    return CompletableFuture.completedStage(state);
  }

  private CompletionStage<Optional<PairedDevice>> find(Predicate<PairedDevice> which) {
    return CompletableFuture.completedStage(state.paired().stream().filter(which).findFirst());
  }

  @Override
  public synchronized CompletionStage<Optional<PairedDevice>> find(SenderId secret) {
    return find(paired -> paired.device().hash().equals(secret.hash()));
  }

  @Override
  public synchronized CompletionStage<Optional<PairedDevice>> find(UUID id) {
    return find(paired -> paired.id().equals(id));
  }

  @Override
  public synchronized CompletionStage<Long> revision() {
    return CompletableFuture.completedStage(revision);
  }

  @Override
  public synchronized CompletionStage<Void> used(Map<UUID, Instant> times) {
    var paired =
        state.paired().stream()
            .map(
                device ->
                    Optional.ofNullable(times.get(device.id()))
                        .filter(at -> device.lastUsed().filter(at::isBefore).isEmpty())
                        .map(at -> used(device, at))
                        .orElse(device))
            .toList();
    state = new PairingState(state.pending(), List.copyOf(paired), state.misses());
    return CompletableFuture.completedStage(null);
  }

  private static PairedDevice used(PairedDevice device, Instant at) {
    return new PairedDevice(
        device.device(), device.paired(), device.by(), device.expires(), Optional.of(at));
  }
}
