package clawster.runtime.packages;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody who follows a declaration has been told until now.
 *
 * @param seen the last status of each member, by its id
 * @param quiet since when members are known that have said nothing of it
 * @param busy when those that have it before them came further the last time, with whatever it was
 * @param moved when one of them came further the last time
 */
record Following(
    Map<String, PackageStatus> seen,
    Map<String, Instant> quiet,
    Map<String, Instant> busy,
    Instant moved) {

  /** So long a member may say nothing at all of a declaration. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** So long nothing may move: longer than any installation may take. */
  private static final Duration STANDSTILL = Duration.ofMinutes(40);

  /**
   * What one more look at how it stands has shown.
   *
   * @param conclusion there if, and only if, nothing more is to come
   */
  record Step(Following next, List<PackageEvent> events, Optional<Conclusion> conclusion) {
    Step {
      events = List.copyOf(events);
    }
  }

  Following {
    seen = Map.copyOf(seen);
    quiet = Map.copyOf(quiet);
    busy = Map.copyOf(busy);
  }

  static Following since(Instant now) {
    return new Following(Map.of(), Map.of(), Map.of(), now);
  }

  Step after(Standing standing, List<MemberName> members, Instant now) {
    var statuses = new HashMap<String, PackageStatus>();
    var silent = new HashMap<String, Instant>();
    var events = new ArrayList<PackageEvent>();
    for (var member : members) {
      var status = standing.statuses().get(member.id());
      if (status == null) {
        silent.put(member.id(), quiet.getOrDefault(member.id(), now));
        continue;
      }
      statuses.put(member.id(), status);
      if (!status.equals(seen.get(member.id()))) {
        events.add(new PackageEvent.Moved(member.id(), status));
      }
    }
    var working = new HashMap<>(standing.moved());
    working.keySet().removeIf(node -> isSettled(statuses.get(node)));
    boolean moves = !events.isEmpty() || !busy.entrySet().containsAll(working.entrySet());
    var next = new Following(statuses, silent, working, moves ? now : moved);
    return new Step(
        next,
        events,
        Conclusion.of(standing, members, next.givenUp(now)).or(() -> next.standstill(now)));
  }

  private static boolean isSettled(PackageStatus status) {
    return status == null || status.isSettled();
  }

  /** How it stands could not be read. */
  Step afterNothing(Instant now) {
    return new Step(this, List.of(), standstill(now));
  }

  private Set<String> givenUp(Instant now) {
    var all = new HashSet<String>();
    quiet.forEach(
        (member, since) -> {
          if (!now.isBefore(since.plus(SILENCE))) {
            all.add(member);
          }
        });
    return all;
  }

  private Optional<Conclusion> standstill(Instant now) {
    return now.isBefore(moved.plus(STANDSTILL))
        ? Optional.empty()
        : Optional.of(Conclusion.missed(DeclarationProblems.STUCK));
  }
}
