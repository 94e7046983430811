package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
import java.util.ArrayList;
import java.util.List;

/** A session as its commands made it, without an actor: given, when, then. */
final class Told {

  private static final SessionRules RULES = new SessionRules();

  private SessionState state;
  private List<SessionEvent> events = List.of();

  private Told(SessionState state) {
    this.state = state;
  }

  static Told given(SessionCommand... commands) {
    return given(RULES.initial()).when(commands);
  }

  static Told given(SessionState state) {
    return new Told(state);
  }

  /** All must happen; the events of the last one are remembered. */
  Told when(SessionCommand... commands) {
    for (var command : commands) {
      var decision = assertInstanceOf(Decision.Happens.class, RULES.decide(state, command));
      var happened = new ArrayList<SessionEvent>();
      for (var event : decision.events()) {
        happened.add((SessionEvent) event);
        state = RULES.evolve(state, (SessionEvent) event);
      }
      events = happened;
    }
    return this;
  }

  Told refuses(SessionCommand command, Problem problem) {
    assertEquals(new Decision.Refused<SessionEvent>(problem), RULES.decide(state, command));
    return this;
  }

  Told ignores(SessionCommand... commands) {
    for (var command : commands) {
      assertEquals(Decision.nothing(), RULES.decide(state, command));
    }
    return this;
  }

  Told owes(Owed... owed) {
    assertEquals(List.of(owed), RULES.owed(state));
    return this;
  }

  /** What happened, by the events' simple names. */
  Told happened(String names) {
    assertEquals(
        names, String.join(" ", events.stream().map(e -> e.getClass().getSimpleName()).toList()));
    return this;
  }

  /** The history, message by message: role, then text or calls. */
  Told history(String... lines) {
    assertEquals(List.of(lines), open().history().stream().map(Told::line).toList());
    return this;
  }

  private static String line(Message message) {
    return switch (message.role()) {
      case TOOL -> "tool " + message.toolCallId() + ": " + message.text();
      case ASSISTANT ->
          "assistant: "
              + message.text()
              + String.join("", message.toolCalls().stream().map(c -> " -> " + c.id()).toList());
      case USER, SYSTEM, DEVELOPER -> "user: " + message.text();
    };
  }

  List<SessionEvent> events() {
    return events;
  }

  SessionState state() {
    return state;
  }

  SessionState.Open open() {
    return assertInstanceOf(SessionState.Open.class, state);
  }
}
