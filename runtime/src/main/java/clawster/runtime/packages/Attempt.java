package clawster.runtime.packages;

import clawster.packages.FailureCode;
import clawster.packages.Outcome;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of trying to bring about one declaration, on one node.
 *
 * @param times how often it was tried
 * @param refusals as its {@link Failure} has them; never of a removal, which becomes possible when
 *     what stands against it goes
 * @param at when it ended the last time
 * @param outcome the last one
 */
record Attempt(long change, int times, int refusals, Instant at, Outcome outcome) {

  /** Whoever was there and is not answers by then, or in earnest does not. */
  static final int PATIENCE = 3;

  /**
   * @param before the last one of this package, whatever was declared of it then
   */
  static Attempt after(
      Optional<Attempt> before, Declaration declaration, Instant at, Outcome outcome) {
    var same = before.filter(one -> one.change() == declaration.change());
    boolean lasting =
        declaration.presence() == Presence.INSTALLED
            && outcome instanceof Outcome.Failed(var code, _)
            && Failure.isLasting(code);
    return new Attempt(
        declaration.change(),
        same.map(Attempt::times).orElse(0) + 1,
        lasting ? same.map(Attempt::refusals).orElse(0) + 1 : 0,
        at,
        outcome);
  }

  /** Whoever installs has said that it is so. */
  boolean succeeded() {
    return outcome instanceof Outcome.Done;
  }

  /** Nobody knows how it ended. */
  boolean isUnheard() {
    return outcome instanceof Outcome.Unknown;
  }

  /** Whoever installs was not there. */
  boolean wasNobody() {
    return outcome instanceof Outcome.Failed(var code, _) && code == FailureCode.HELPER_UNAVAILABLE;
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due());
  }

  Instant due() {
    return at.plus((wasNobody() ? Pauses.TO_LOOK : Pauses.TO_TRY).after(times));
  }

  /**
   * How it stands while it is not seen to be as declared. Not to know how it ended is no answer,
   * and that somebody else is at it will pass, as will a helper's restart.
   */
  PackageStatus status(Declaration declaration) {
    return switch (outcome) {
      case Outcome.Done _ -> PackageStatus.of(declaration, State.DONE);
      case Outcome.Unknown _ -> PackageStatus.of(declaration, State.WAITING);
      case Outcome.Failed(var code, var error) ->
          code == FailureCode.LOCKED || wasNobody() && times < PATIENCE
              ? PackageStatus.of(declaration, State.WAITING)
              : PackageStatus.failed(declaration, new Failure(code, error, refusals));
    };
  }
}
