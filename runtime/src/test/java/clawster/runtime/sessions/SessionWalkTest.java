package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.kernel.Decision;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionState.Absent;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whatever comes in whatever order, these hold. */
final class SessionWalkTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Serialization WIRE = SerializationExtension.get(KIT.system());
  private static final SessionRules RULES = new SessionRules();

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyWalkKeepsTheLaws() {
    for (long seed = 0; seed < 400; seed++) {
      var walk = new Walk(new Random(seed));
      try {
        for (int step = 0; step < 120; step++) {
          walk.step();
        }
        assertEquals(walk.state, throughTheWire(walk.state));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", last command " + walk.last, e);
      }
    }
  }

  private static Object throughTheWire(SessionState state) {
    var serializer = WIRE.findSerializerFor(state);
    return WIRE.deserialize(
            serializer.toBinary(state),
            serializer.identifier(),
            Serializers.manifestFor(serializer, state))
        .get();
  }

  private static final class Walk {

    private final Random random;
    private SessionState state = RULES.initial();
    private SessionCommand last = Some.claim();
    private int runs;
    private int calls;

    /** Input by run, as long as it must be found somewhere. */
    private final Map<RunId, List<Message>> kept = new HashMap<>();

    private final Set<RunId> over = new HashSet<>();

    Walk(Random random) {
      this.random = random;
    }

    void step() {
      last = command();
      if (RULES.decide(state, last) instanceof Decision.Happens<SessionEvent>(var events)) {
        var before = state;
        for (var event : events) {
          var previous = state;
          state = RULES.evolve(state, event);
          note(previous, event);
        }
        check(before);
      }
    }

    private void note(SessionState before, SessionEvent event) {
      if (event instanceof SessionEvent.Accepted accepted) {
        kept.put(accepted.run(), accepted.input());
      }
      if (event instanceof SessionEvent.Aborted aborted && waits(before, aborted.run())) {
        kept.remove(aborted.run());
      }
      if (event instanceof SessionEvent.Reset || event instanceof SessionEvent.Deleted) {
        kept.clear();
      }
      if (event instanceof SessionEvent.Deleted) {
        over.clear(); // what is deleted remembers no runs
      }
      SessionLog.ended(event)
          .ifPresent(run -> assertTrue(over.add(run), () -> run + " ended twice"));
    }

    private static boolean waits(SessionState state, RunId run) {
      return state instanceof Open open
          && open.waiting().stream().anyMatch(r -> r.id().equals(run));
    }

    private void check(SessionState before) {
      assertTrue(state.epoch() >= before.epoch(), "epoch went back");
      switch (state) {
        case Absent _ -> assertEquals(List.of(), RULES.owed(state));
        case Open open -> check(open);
      }
    }

    private void check(Open open) {
      assertEquals(owed(open), RULES.owed(open));
      assertTrue(open.waiting().size() <= SessionRules.MAX_WAITING, "queue is over its bound");
      assertTrue(open.current().isEmpty() || open.awaited().isEmpty(), "runs and awaits");
      assertTrue(
          open.current().isPresent() || !open.awaited().isEmpty() || open.waiting().isEmpty(),
          "input waits for nothing");
      var ids = Stream.concat(open.current().stream(), open.waiting().stream()).map(Run::id);
      assertTrue(ids.allMatch(new HashSet<>()::add), "a run twice");
      assertEquals(due(open), unanswered(open.history()));
      var found = new HashSet<>(open.history());
      open.waiting().forEach(run -> found.addAll(run.input()));
      kept.values().forEach(input -> assertTrue(found.containsAll(input), "input was lost"));
    }

    private static List<Owed> owed(Open open) {
      if (open.current().isEmpty()) {
        return List.of();
      }
      var run = open.current().get();
      return run.open().isEmpty()
          ? List.of(new Owed.ModelCall(run.id(), run.step()))
          : run.open().stream()
              .<Owed>map(call -> new Owed.ToolRun(run.id(), run.step(), call))
              .toList();
    }

    /** Calls that may be without an answer now. */
    private static Set<String> due(Open open) {
      var due = new LinkedHashSet<String>();
      open.current().stream()
          .flatMap(run -> Stream.concat(run.open().stream(), run.client().stream()))
          .forEach(call -> due.add(call.id()));
      open.awaited().forEach(call -> due.add(call.id()));
      return due;
    }

    private static Set<String> unanswered(List<Message> history) {
      var calls = new LinkedHashSet<String>();
      for (var message : history) {
        message.toolCalls().stream().map(ModelMessage.ToolCall::id).forEach(calls::add);
        if (message.role() == Role.TOOL) {
          assertTrue(calls.remove(message.toolCallId()), "an answer to no call, or a second one");
        }
      }
      return calls;
    }

    private SessionCommand command() {
      return switch (random.nextInt(24)) {
        case 0 -> Some.abort(random.nextInt(runs + 1));
        case 1 -> random.nextInt(3) == 0 ? Some.abortAll() : Some.claim();
        case 2 -> random.nextInt(4) == 0 ? Some.reset() : Some.label("l" + random.nextInt(3));
        case 3 -> random.nextInt(6) == 0 ? Some.delete() : Some.claim();
        case 4 -> Some.submit(Math.max(0, runs - random.nextInt(SessionState.Open.MAX_ENDED / 2)));
        case 5 -> Some.settle(random.nextInt(runs + 1), Some.again("none"));
        case 6 -> Some.answer(random.nextInt(runs + 1), random.nextInt(3), "stale");
        case 7, 8, 9, 10, 11 -> submit();
        default -> work();
      };
    }

    private SessionCommand submit() {
      int run = ++runs;
      var mode = InputMode.values()[random.nextInt(InputMode.values().length)];
      if (state instanceof Open open && !open.awaited().isEmpty() && random.nextBoolean()) {
        return Some.submit(
            run, mode, open.awaited().stream().map(Some::result).toArray(Message[]::new));
      }
      Optional<Message> stopped =
          modelIsCalled() && random.nextBoolean()
              ? Optional.of(Some.assistant("half " + run))
              : Optional.empty();
      return Some.submit(run, mode, Some.user("question " + run)).stopped(stopped);
    }

    private boolean modelIsCalled() {
      return RULES.owed(state).stream().anyMatch(Owed.ModelCall.class::isInstance);
    }

    /** Does some of what is owed. */
    private SessionCommand work() {
      var owed = RULES.owed(state);
      if (owed.isEmpty()) {
        return submit();
      }
      return switch (owed.get(random.nextInt(owed.size()))) {
        case Owed.ToolRun(var run, _, var call) ->
            new SessionCommand.SettleTool(run, call.id(), ToolOutcome.OK, "done", Some.NOON);
        case Owed.ModelCall(var run, int step) -> model(run, step);
      };
    }

    private SessionCommand model(RunId run, int step) {
      if (random.nextInt(8) == 0) {
        return new SessionCommand.FailModel(
            run, step, "upstream.timeout", "late", Optional.of(Some.assistant("half")), Some.NOON);
      }
      var wanted = new ArrayList<Call>();
      if (random.nextInt(3) > 0) {
        for (int more = random.nextInt(4); more > 0; more--) {
          wanted.add(call("c" + ++calls));
        }
      }
      var made = wanted.toArray(Call[]::new);
      return new SessionCommand.SettleModel(
          run,
          step,
          Some.assistant("answer " + run + step, made),
          wanted,
          "stop",
          Some.USAGE,
          Some.NOON);
    }

    private Call call(String id) {
      return switch (random.nextInt(3)) {
        case 0 -> Some.again(id);
        case 1 -> Some.once(id);
        default -> Some.client(id);
      };
    }
  }
}
