package clawster.runtime.packages;

import clawster.runtime.kernel.Problem;
import clawster.runtime.packages.PackageStatus.Failure;
import clawster.runtime.packages.PackageStatus.State;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a declaration has come to, over all members.
 *
 * @param missed why it has not come about wherever somebody installs such packages, and somewhere
 *     at least; empty if it has
 */
record Conclusion(Optional<Problem> missed) {

  private static final Conclusion REACHED = new Conclusion(Optional.empty());

  private static final int REFUSALS = 2;

  static Conclusion missed(Problem why) {
    return new Conclusion(Optional.of(why));
  }

  /**
   * Empty while a member may come further.
   *
   * @param silent members that are not waited for: they have said nothing for too long
   */
  static Optional<Conclusion> of(Standing standing, List<MemberName> members, Set<String> silent) {
    if (standing.declaration().isEmpty()) {
      return Optional.of(missed(DeclarationProblems.SUPERSEDED));
    }
    var declaration = standing.declaration().get();
    boolean open =
        members.stream()
            .anyMatch(
                member ->
                    Optional.ofNullable(standing.statuses().get(member.id()))
                        .map(status -> !status.isSettled())
                        .orElse(!silent.contains(member.id())));
    if (open && !declaration.withdrawn()) {
      return Optional.empty();
    }
    return Optional.of(settled(declaration, standing, members));
  }

  private static Conclusion settled(
      Declaration declaration, Standing standing, List<MemberName> members) {
    var failures = failures(standing, members);
    if (!failures.isEmpty()) {
      return missed(DeclarationProblems.failed(failures));
    }
    if (declaration.withdrawn()) {
      return missed(DeclarationProblems.WITHDRAWN);
    }
    var silent =
        members.stream()
            .filter(member -> !standing.statuses().containsKey(member.id()))
            .map(MemberName::name)
            .collect(Collectors.joining(", "));
    if (!silent.isEmpty()) {
      return missed(DeclarationProblems.silent(silent));
    }
    return statuses(standing, members).anyMatch(status -> status.state() == State.DONE)
        ? REACHED
        : missed(DeclarationProblems.nobody(declaration.kind()));
  }

  /** What went wrong, behind the names of nodes. */
  static String failures(Standing standing, List<MemberName> members) {
    return members.stream()
        .flatMap(member -> failure(member, standing))
        .collect(Collectors.joining("; "));
  }

  private static Stream<String> failure(MemberName member, Standing standing) {
    return Stream.ofNullable(standing.statuses().get(member.id()))
        .flatMap(status -> status.failure().stream())
        .map(failure -> member.name() + ": " + failure.error());
  }

  /**
   * Whether an installation has failed on every node where somebody installs such packages, on each
   * again and again by something that will hardly change by itself. As long as a member has said
   * nothing, it has not.
   */
  static boolean isHopeless(Standing standing, List<MemberName> members) {
    boolean installs =
        standing.declaration().filter(one -> !one.withdrawn()).map(Declaration::presence).stream()
            .anyMatch(Packages.Presence.INSTALLED::equals);
    var said = statuses(standing, members).toList();
    return installs
        && said.size() == members.size()
        && said.stream().anyMatch(status -> status.state() == State.FAILED)
        && said.stream()
            .allMatch(
                status ->
                    status.state() == State.NOBODY
                        || status.failure().map(Conclusion::isGivenUp).orElse(false));
  }

  /** An index that is ill says what one says that does not have it; it is asked twice. */
  static boolean isGivenUp(Failure failure) {
    return failure.refusals() >= REFUSALS;
  }

  private static Stream<PackageStatus> statuses(Standing standing, List<MemberName> members) {
    return members.stream()
        .map(member -> standing.statuses().get(member.id()))
        .filter(Objects::nonNull);
  }
}
