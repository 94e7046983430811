package clawster.runtime.packages;

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
 * @param ok whether it is so wherever somebody installs such packages, and somewhere at least
 * @param error why not; empty if it is
 */
record Conclusion(boolean ok, String error) {

  static final Conclusion SUPERSEDED =
      new Conclusion(false, "superseded: something else was declared of this package meanwhile");

  static final Conclusion STUCK =
      new Conclusion(
          false, "no node has come further for a long time; what is declared stands, and goes on");

  private static final Conclusion REACHED = new Conclusion(true, "");

  private static Conclusion missed(String why) {
    return new Conclusion(false, Line.of(why));
  }

  /**
   * Empty while a member may come further.
   *
   * @param silent members that are not waited for: they have said nothing for too long
   */
  static Optional<Conclusion> of(Standing standing, List<MemberName> members, Set<String> silent) {
    if (standing.declaration().isEmpty()) {
      return Optional.of(SUPERSEDED);
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
    var failures =
        members.stream()
            .flatMap(member -> failure(member, standing))
            .collect(Collectors.joining("; "));
    if (!failures.isEmpty()) {
      return missed(failures);
    }
    if (declaration.withdrawn()) {
      return missed("withdrawn: it failed on every node");
    }
    return statuses(standing, members).anyMatch(status -> status.state() == State.DONE)
        ? REACHED
        : missed(declaration.kind().installer() + " is unavailable: no node has it");
  }

  private static Stream<String> failure(MemberName member, Standing standing) {
    var status = standing.statuses().get(member.id());
    return status == null
        ? Stream.of(member.name() + " does not answer")
        : status.failure().map(Failure::error).map(error -> member.name() + ": " + error).stream();
  }

  /**
   * Whether a declaration has failed on every node where somebody installs such packages, each time
   * by something that will not change by itself. As long as a member has said nothing, it has not.
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
                        || status.failure().map(Failure::isFinal).orElse(false));
  }

  private static Stream<PackageStatus> statuses(Standing standing, List<MemberName> members) {
    return members.stream()
        .map(member -> standing.statuses().get(member.id()))
        .filter(Objects::nonNull);
  }
}
