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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node has to do next, and how far it has come: what is declared, compared with what is
 * there. What was tried counts only where that does not show.
 *
 * @param looks the last one at each kind
 * @param attempts the last one of each package
 * @param fulfilled the numbers of declarations that have come about here for good, whatever is
 *     there now
 */
record Convergence(
    List<Declaration> declared,
    Map<PackageKind, Look> looks,
    Map<PackageRef, Attempt> attempts,
    Set<Long> fulfilled) {

  private static final Failure STILL_THERE =
      new Failure(FailureCode.SYSTEM_ERROR, "it was removed, and is there again");

  private static final Failure NOT_THERE =
      new Failure(FailureCode.SYSTEM_ERROR, "it was installed, and is not there");

  Convergence {
    declared = List.copyOf(declared);
    looks = Map.copyOf(looks);
    attempts = Map.copyOf(attempts);
    fulfilled = Set.copyOf(fulfilled);
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

  /** Whether a look has shown that it is not as declared. */
  private boolean isMissing(Declaration one) {
    return look(one)
        .map(look -> look.inventory() instanceof Listed listed && !isDone(one, listed))
        .orElse(false);
  }

  /** What no list shows is so because whoever did it says so. */
  private boolean isDone(Declaration one, Listed listed) {
    boolean isThere = listed.find(one.ref()).isPresent();
    boolean isSaid = attempt(one).map(Attempt::succeeded).orElse(false);
    boolean isFulfilled = fulfilled.contains(one.change());
    return one.isMetBy(listed)
        || switch (one.presence()) {
          case INSTALLED -> (isSaid || isFulfilled) && (isThere || !one.kind().listsAll());
          case ABSENT -> isFulfilled || isSaid && !isThere;
        };
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

  /**
   * The declarations that have come about here for good, after another look: what is declared
   * absent is removed once, and what is declared later may bring it in again.
   */
  Set<Long> fulfilledNow() {
    return numbers(
        one ->
            fulfilled.contains(one.change()) || one.presence() == Presence.ABSENT && isSeen(one));
  }

  /**
   * Those that are taken to have come about before this node started, since nobody remembers. A
   * node does one thing of a kind after the other: where something declared later is there, which
   * may have brought in others, what was declared absent before has been removed. And what is there
   * of a package is what its tag stood for.
   *
   * @param start what was declared when it started
   */
  Set<Long> presumed(PackageKind kind, long start) {
    return numbers(
        one ->
            one.kind() == kind
                && one.change() <= start
                && switch (one.presence()) {
                  case INSTALLED -> one.isTag() && isListed(one);
                  case ABSENT -> kind.bringsInOthers() && declared.stream().anyMatch(isAfter(one));
                });
  }

  private Predicate<Declaration> isAfter(Declaration absent) {
    return later ->
        later.kind() == absent.kind()
            && later.change() > absent.change()
            && later.presence() == Presence.INSTALLED
            && isSeen(later);
  }

  private Set<Long> numbers(Predicate<Declaration> which) {
    return declared.stream()
        .filter(which)
        .map(Declaration::change)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isListed(Declaration one) {
    return look(one)
        .map(
            look -> look.inventory() instanceof Listed listed && listed.find(one.ref()).isPresent())
        .orElse(false);
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
    return look(one).map(look -> status(one, look)).orElse(PackageStatus.of(one, State.WAITING));
  }

  private PackageStatus status(Declaration one, Look look) {
    var tried = attempt(one);
    return switch (look.inventory()) {
      case Listed listed when isDone(one, listed) -> PackageStatus.of(one, State.DONE);
      case Listed _ when tried.filter(Attempt::succeeded).isPresent() ->
          PackageStatus.failed(one, notAsSaid(one));
      case Listed _ ->
          tried.map(attempt -> attempt.status(one)).orElse(PackageStatus.of(one, State.WAITING));
      case Inventory.Unclear(var why) ->
          tried
              .filter(attempt -> !attempt.wasNobody() || look.missed() < Attempt.PATIENCE)
              .map(attempt -> attempt.status(one))
              .orElse(PackageStatus.failed(one, new Failure(FailureCode.SYSTEM_ERROR, why)));
      // Whoever died while at it is not nobody.
      case Inventory.Nobody() ->
          tried
              .filter(Attempt::isUnheard)
              .map(attempt -> attempt.status(one))
              .orElse(PackageStatus.of(one, State.NOBODY));
    };
  }

  private static Failure notAsSaid(Declaration one) {
    return switch (one.presence()) {
      case INSTALLED -> NOT_THERE;
      case ABSENT -> STILL_THERE;
    };
  }
}
