package clawster.faults;

import clawster.faults.Defect.Kind;
import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import clawster.faults.Stored.Said;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.SessionEvent.Accepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what clients were told with what is stored. Pure. It is given everything when nothing is
 * going on any more, and only sessions of the recording clients: each message has a marker {@code
 * op:SESSION:NUMBER;}.
 */
final class Checker {

  private static final Pattern MARKER = Pattern.compile("op:[\\w-]+:\\d+;");

  private final List<Op> ops;
  private final Stored stored;
  private final List<Heard> heard;
  private final List<Defect> defects = new ArrayList<>();

  private Checker(List<Op> ops, Stored stored, List<Heard> heard) {
    this.ops = List.copyOf(ops);
    this.stored = stored;
    this.heard = List.copyOf(heard);
  }

  static String marker(String session, int number) {
    return "op:" + session.replaceAll("[^\\w-]", "_") + ":" + number + ";";
  }

  /** Every broken promise there is to see; empty for none. */
  static List<Defect> check(List<Op> ops, Stored stored, List<Heard> heard) {
    var checker = new Checker(ops, stored, heard);
    checker.messages();
    checker.order();
    checker.answers();
    checker.ends();
    checker.density();
    checker.agreement();
    checker.transcripts();
    checker.defects.addAll(EffectCheck.check(stored));
    checker.defects.addAll(HeardCheck.check(heard, stored));
    return List.copyOf(checker.defects);
  }

  private void found(Kind kind, String what) {
    defects.add(new Defect(kind, what));
  }

  /** Each message once or not at all, and those that were acknowledged once. */
  private void messages() {
    var accepted = new HashMap<String, Integer>();
    for (var event : events()) {
      if (event instanceof Accepted input) {
        input.input().stream()
            .flatMap(message -> markers(message.text()).stream())
            .forEach(marker -> accepted.merge(marker, 1, Integer::sum));
      }
    }
    var told = new HashMap<String, Integer>();
    for (var history : stored.histories().values()) {
      history.stream()
          .filter(said -> said.role().equals("user"))
          .flatMap(said -> markers(said.text()).stream())
          .forEach(marker -> told.merge(marker, 1, Integer::sum));
    }
    for (var op : ops) {
      int times = accepted.getOrDefault(op.marker(), 0);
      if (op.isAcknowledged() && (times == 0 || !told.containsKey(op.marker()))) {
        found(Kind.LOST, op.marker() + (times == 0 ? " is not in the journal" : " is not told"));
      }
      if (op.result() == Result.REFUSED && times > 0) {
        found(Kind.PHANTOM, op.marker() + " was refused and is in the journal");
      }
    }
    twice(accepted, "accepted");
    twice(told, "told");
    var sent = ops.stream().map(Op::marker).collect(Collectors.toSet());
    accepted.keySet().stream()
        .filter(marker -> !sent.contains(marker))
        .forEach(marker -> found(Kind.PHANTOM, marker + " was never sent"));
  }

  private void twice(Map<String, Integer> counts, String how) {
    counts.forEach(
        (marker, times) -> {
          if (times > 1) {
            found(Kind.DOUBLED, marker + " is " + how + " " + times + " times");
          }
        });
  }

  private static List<String> markers(String text) {
    return MARKER.matcher(text).results().map(MatchResult::group).toList();
  }

  private List<SessionEvent> events() {
    return stored.journals().values().stream()
        .flatMap(List::stream)
        .map(Stored.Journaled::event)
        .toList();
  }

  /** Who was acknowledged before another was first sent stands before it. */
  private void order() {
    var place = new HashMap<String, Integer>();
    stored
        .histories()
        .values()
        .forEach(
            history -> {
              for (int i = 0; i < history.size(); i++) {
                for (var marker : markers(history.get(i).text())) {
                  place.putIfAbsent(marker, i);
                }
              }
            });
    var bySession =
        ops.stream()
            .filter(op -> place.containsKey(op.marker()))
            .collect(Collectors.groupingBy(Op::session));
    for (var session : bySession.values()) {
      var sent =
          session.stream()
              .collect(Collectors.toMap(Op::marker, Op::began, Math::min, HashMap::new));
      for (var first : session) {
        session.stream()
            .filter(_ -> first.isAcknowledged())
            .filter(later -> first.ended() < sent.get(later.marker()))
            .filter(later -> place.get(later.marker()) < place.get(first.marker()))
            .forEach(
                later ->
                    found(Kind.REORDERED, later.marker() + " stands before " + first.marker()));
      }
    }
  }

  private void answers() {
    stored
        .histories()
        .forEach(
            (session, history) -> {
              var question = "";
              int answers = 0;
              for (var said : history) {
                if (said.role().equals("user")) {
                  question = said.text();
                  answers = 0;
                } else if (said.role().equals("assistant") && !said.callsTools()) {
                  answers++;
                  if (answers == 2) {
                    found(Kind.TWO_ANSWERS, session + " to " + question);
                  }
                }
              }
            });
  }

  /** In the journal and in the log of the run, and the same in both. */
  private void ends() {
    var begun = new TreeMap<String, String>();
    var ends = new HashMap<String, List<String>>();
    stored
        .journals()
        .forEach(
            (session, journal) -> {
              for (var row : journal) {
                if (row.event() instanceof Accepted accepted) {
                  begun.put(accepted.run().toString(), session);
                }
                Runs.ended(row.event())
                    .ifPresent(
                        run ->
                            ends.computeIfAbsent(run, _ -> new ArrayList<>())
                                .add(row.event().getClass().getSimpleName()));
              }
            });
    begun.forEach(
        (run, session) -> {
          var how = ends.getOrDefault(run, List.of());
          if (how.size() != 1) {
            found(Kind.NOT_ONE_END, "run " + run + " of " + session + " ended " + how);
          }
          var log = stored.logs().getOrDefault(run, List.of());
          var said = log.stream().filter(entry -> entry.ends()).toList();
          if (said.size() != 1 || !log.getLast().ends()) {
            found(Kind.NOT_ONE_END, "the log of run %s of %s: %s".formatted(run, session, log));
          }
        });
  }

  private void density() {
    stored
        .journals()
        .forEach(
            (session, journal) -> {
              long next = 1;
              for (var row : journal) {
                if (row.sequence() != next) {
                  found(Kind.GAP, "%s has %d for %d".formatted(session, row.sequence(), next));
                }
                next = row.sequence() + 1;
              }
            });
    stored
        .logs()
        .forEach(
            (run, log) -> {
              for (int i = 0; i < log.size(); i++) {
                if (log.get(i).seq() != i + 1) {
                  found(Kind.GAP, "run " + run + " has " + log.get(i).seq() + " for " + (i + 1));
                }
              }
            });
  }

  private void agreement() {
    stored
        .histories()
        .forEach(
            (session, history) -> {
              var told = history.stream().map(Said::id).toList();
              var kept = Runs.history(stored.journals().getOrDefault(session, List.of()));
              if (!told.equals(kept)) {
                found(Kind.DISAGREEMENT, "%s tells %s and keeps %s".formatted(session, told, kept));
              }
              Set<String> seen = new HashSet<>();
              told.stream()
                  .filter(id -> !seen.add(id))
                  .forEach(id -> found(Kind.DOUBLED, "message " + id + " of " + session));
            });
  }

  private void transcripts() {
    for (var op : ops) {
      if (!op.isAcknowledged() || op.run().isEmpty()) {
        continue;
      }
      var kept = Runs.answer(stored.journals().getOrDefault(op.session(), List.of()), op);
      boolean same = op.told().equals(kept);
      boolean good = op.telling() == Telling.WHOLE ? same : kept.startsWith(op.told());
      if (!good && op.telling() != Telling.INTERRUPTED) {
        found(
            Kind.TRANSCRIPT,
            "%s was told (%s) <%s> and <%s> is kept"
                .formatted(op.marker(), op.telling(), op.told(), kept));
      }
    }
  }
}
