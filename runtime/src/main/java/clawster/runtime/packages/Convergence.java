package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.runtime.packages.Inventory.Listed;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a node has to do next, and how far it has come: what is declared, compared with what is
 * there. What was tried counts only where that does not show.
 *
 * @param looks the last one at each kind
 * @param attempts the last one of each package
 */
record Convergence(
    List<Declaration> declared, Map<PackageKind, Look> looks, Map<PackageRef, Attempt> attempts) {

  private static final Failure STILL_THERE =
      new Failure(FailureCode.SYSTEM_ERROR, "it was removed, and is there again");

  Convergence {
    declared = List.copyOf(declared);
    looks = Map.copyOf(looks);
    attempts = Map.copyOf(attempts);
  }

  /** What is to be brought about now: first what was never tried, in the order it was declared. */
  Optional<Declaration> next(PackageKind kind, Instant now) {
    return declared.stream()
        .filter(one -> one.kind() == kind && !one.withdrawn())
        .filter(one -> isMissing(one) && attempt(one).map(tried -> tried.isDue(now)).orElse(true))
        .min(
            Comparator.<Declaration, Instant>comparing(
                    one -> attempt(one).map(Attempt::due).orElse(Instant.MIN))
                .thenComparing(Declaration::change));
  }

  /** Whether a look has shown that it is not as declared, and nobody has said otherwise since. */
  private boolean isMissing(Declaration one) {
    return look(one)
        .map(
            look ->
                look.inventory() instanceof Listed listed
                    && !one.isMetBy(listed)
                    && !isDone(one, listed))
        .orElse(false);
  }

  /** What no list shows is so because whoever did it says so. */
  private boolean isDone(Declaration one, Listed listed) {
    return attempt(one).map(Attempt::succeeded).orElse(false) && !isStillThere(one, listed);
  }

  private static boolean isStillThere(Declaration one, Listed listed) {
    return one.presence() == Presence.ABSENT && listed.find(one.ref()).isPresent();
  }

  private Optional<Attempt> attempt(Declaration one) {
    return Optional.ofNullable(attempts.get(one.ref()))
        .filter(tried -> tried.change() == one.change());
  }

  private Optional<Look> look(Declaration one) {
    return Optional.ofNullable(looks.get(one.kind()))
        .filter(look -> look.revision() >= one.change());
  }

  /** Whether nobody has looked at these packages since something was declared of them. */
  boolean needsLook(PackageKind kind) {
    return declared.stream().anyMatch(one -> one.kind() == kind && look(one).isEmpty());
  }

  /** What was tried of what is not seen to be as declared: all that has to be remembered. */
  Map<PackageRef, Attempt> remembered() {
    var left = new HashMap<PackageRef, Attempt>();
    for (var one : declared) {
      attempt(one).filter(_ -> !isSeen(one)).ifPresent(tried -> left.put(one.ref(), tried));
    }
    return left;
  }

  private boolean isSeen(Declaration one) {
    return look(one)
        .map(look -> look.inventory() instanceof Listed listed && one.isMetBy(listed))
        .orElse(false);
  }

  /**
   * Of everything that is declared; of what is withdrawn only why it failed.
   *
   * @param working the numbers of what is being brought about now
   */
  List<PackageStatus> statuses(Set<Long> working) {
    return declared.stream()
        .flatMap(
            one -> {
              var status =
                  working.contains(one.change())
                      ? PackageStatus.of(one, State.WORKING)
                      : status(one);
              return one.withdrawn() && status.state() != State.FAILED
                  ? Stream.empty()
                  : Stream.of(status);
            })
        .toList();
  }

  private PackageStatus status(Declaration one) {
    return look(one)
        .map(look -> status(one, look.inventory()))
        .orElse(PackageStatus.of(one, State.WAITING));
  }

  private PackageStatus status(Declaration one, Inventory inventory) {
    var tried = attempt(one).map(attempt -> attempt.status(one));
    return switch (inventory) {
      case Listed listed when one.isMetBy(listed) -> PackageStatus.of(one, State.DONE);
      case Listed listed when tried.isPresent() && tried.get().state() == State.DONE ->
          isStillThere(one, listed) ? PackageStatus.failed(one, STILL_THERE) : tried.get();
      case Listed _ -> tried.orElse(PackageStatus.of(one, State.WAITING));
      case Inventory.Unclear(var why) ->
          tried.orElse(PackageStatus.failed(one, new Failure(FailureCode.SYSTEM_ERROR, why)));
      // Whoever died while at it is not nobody.
      case Inventory.Nobody() ->
          tried.filter(status -> !status.isSettled()).orElse(PackageStatus.of(one, State.NOBODY));
    };
  }
}
