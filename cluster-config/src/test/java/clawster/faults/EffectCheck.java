package clawster.faults;

import clawster.faults.Defect.Kind;
import clawster.runtime.sessions.Call;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.ToolOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What tools did, against what the journal says of their calls: an effect at most once for each
 * call of a tool that must not run twice, none that nobody intended, and none missing where the
 * history says that all went well.
 */
final class EffectCheck {

  private static final String NOT_TWICE = "note_once";

  private final List<Defect> defects = new ArrayList<>();
  private final Map<String, Call> intended = new HashMap<>();
  private final Map<String, List<ToolOutcome>> settled = new HashMap<>();
  private final Map<String, Integer> effects = new HashMap<>();

  private EffectCheck(Stored stored) {
    stored.journals().values().stream().flatMap(List::stream).forEach(row -> read(row.event()));
    stored.effects().forEach(effect -> effects.merge(effect.callId(), 1, Integer::sum));
    stored.effects().stream()
        .filter(effect -> !intended.containsKey(effect.callId()))
        .forEach(effect -> found(Kind.EFFECT, effect + " was not intended"));
  }

  static List<Defect> check(Stored stored) {
    var check = new EffectCheck(stored);
    check.intended.values().forEach(check::call);
    return check.defects;
  }

  private void read(SessionEvent event) {
    if (event instanceof SessionEvent.ToolsIntended e) {
      e.calls().forEach(call -> intended.put(call.id(), call));
    } else if (event instanceof SessionEvent.ToolSettled e) {
      settled.computeIfAbsent(e.callId(), _ -> new ArrayList<>()).add(e.outcome());
    }
  }

  private void call(Call call) {
    if (!call.name().startsWith("note")) {
      return;
    }
    int times = effects.getOrDefault(call.id(), 0);
    var outcomes = settled.getOrDefault(call.id(), List.of());
    if (times > 1 && call.name().equals(NOT_TWICE)) {
      found(Kind.EFFECT, call.id() + " took effect " + times + " times");
    }
    if (outcomes.size() > 1) {
      found(Kind.RESULT, call.id() + " has results " + outcomes);
    }
    if (times == 0 && outcomes.contains(ToolOutcome.OK)) {
      found(Kind.RESULT, call.id() + " is said to have ended well and did nothing");
    }
  }

  private void found(Kind kind, String what) {
    defects.add(new Defect(kind, what));
  }
}
