package clawster.runtime.sessions;

import static clawster.runtime.kernel.Decision.happens;
import static clawster.runtime.kernel.Decision.nothing;
import static clawster.runtime.kernel.Decision.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import clawster.runtime.kernel.Decider;
import clawster.runtime.kernel.Decision;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionState.Absent;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The rules of a session. One run at a time; what comes meanwhile waits, steers, interrupts or is
 * refused. Every waiting state can be aborted.
 *
 * <pre>
 *   idle ──Submit──▶ model call ──text──▶ idle
 *                       ▲   │
 *                settled│   └─calls──▶ tools ──only client calls left──▶ idle, awaiting results
 *                       └────────────────┘
 * </pre>
 */
public final class SessionRules
    implements Decider<SessionCommand, SessionEvent, SessionState, Owed> {

  /** Input that may wait behind a run. */
  static final int MAX_WAITING = 32;

  /** Model calls in one run; a model that loops is stopped here. */
  static final int MAX_STEPS = 20;

  static final String TOO_MANY_STEPS = "run.too_many_steps";

  @Override
  public SessionState initial() {
    return new Absent(1);
  }

  @Override
  public Decision<SessionEvent> decide(SessionState state, SessionCommand command) {
    return switch (state) {
      case Absent absent -> decideAbsent(absent, command);
      case Open open -> decideOpen(open, command);
    };
  }

  private static Decision<SessionEvent> decideAbsent(Absent state, SessionCommand command) {
    return switch (command) {
      case SessionCommand.Submit submit ->
          happens(
              List.of(
                  new SessionEvent.Opened(submit.opening(), submit.at()), accepted(submit, false)));
      case SessionCommand.Patch _,
          SessionCommand.Reset _,
          SessionCommand.Delete _,
          SessionCommand.Abort _ ->
          refused(SessionProblems.NOT_FOUND);
      case SessionCommand.Claim _,
          SessionCommand.SettleModel _,
          SessionCommand.FailModel _,
          SessionCommand.SettleTool _,
          SessionCommand.DropAwaited _ ->
          nothing();
    };
  }

  private static Decision<SessionEvent> decideOpen(Open state, SessionCommand command) {
    return switch (command) {
      case SessionCommand.Submit submit -> submit(state, submit);
      case SessionCommand.Claim claim -> claim(state, claim);
      case SessionCommand.SettleModel answer -> settleModel(state, answer);
      case SessionCommand.FailModel failure -> failModel(state, failure);
      case SessionCommand.SettleTool result -> settleTool(state, result);
      case SessionCommand.DropAwaited drop -> dropAwaited(state, drop);
      case SessionCommand.Abort abort -> abort(state, abort);
      case SessionCommand.Patch patch -> patch(state, patch);
      case SessionCommand.Reset reset ->
          happens(endAll(state, reset.at(), new SessionEvent.Reset(reset.at())));
      case SessionCommand.Delete delete ->
          happens(endAll(state, delete.at(), new SessionEvent.Deleted(state.epoch(), delete.at())));
    };
  }

  private static SessionEvent accepted(SessionCommand.Submit submit, boolean steering) {
    return new SessionEvent.Accepted(
        submit.run(), submit.input(), submit.spec(), steering, submit.at());
  }

  /** What input does to a session: what it says, or else what the session says. */
  static InputMode mode(SessionState state, SessionCommand.Submit submit) {
    return submit
        .mode()
        .orElseGet(
            () ->
                switch (state) {
                  case Open open -> open.profile().inputMode();
                  case Absent _ -> submit.opening().inputMode();
                });
  }

  private static Decision<SessionEvent> submit(Open state, SessionCommand.Submit submit) {
    if (state.knows(submit.run())) {
      return nothing();
    }
    if (!submit.opening().agent().equals(state.profile().agent())) {
      return refused(SessionProblems.OTHER_AGENT);
    }
    // Input that waits for awaited results must not keep those results out.
    boolean free =
        state.current().isEmpty() && (state.awaited().isEmpty() || answers(state, submit.input()));
    if (free) {
      return happens(accepted(submit, false));
    }
    return switch (mode(state, submit)) {
      case QUEUE -> wait(state, accepted(submit, false));
      case STEER -> wait(state, accepted(submit, state.current().isPresent()));
      case REJECT -> refused(SessionProblems.BUSY);
      case INTERRUPT -> happens(interrupt(state, submit));
    };
  }

  private static Decision<SessionEvent> wait(Open state, SessionEvent accepted) {
    return state.waiting().size() >= MAX_WAITING
        ? refused(SessionProblems.QUEUE_FULL)
        : happens(accepted);
  }

  private static List<SessionEvent> interrupt(Open state, SessionCommand.Submit submit) {
    var events = new ArrayList<SessionEvent>();
    state
        .current()
        .ifPresent(
            run ->
                events.addAll(
                    closing(state, run, submit.stopped().stream().toList(), submit.at())));
    if (!state.awaited().isEmpty()) {
      events.add(awaitedDropped(state, submit.at()));
    }
    events.add(accepted(submit, false));
    return events;
  }

  /** Whether this input brings a result for every awaited call. */
  private static boolean answers(Open state, List<Message> input) {
    var given =
        input.stream()
            .filter(message -> message.role() == Role.TOOL)
            .map(Message::toolCallId)
            .collect(Collectors.toSet());
    return given.containsAll(state.awaited().stream().map(Call::id).toList());
  }

  private static Decision<SessionEvent> claim(Open state, SessionCommand.Claim claim) {
    if (state.idle()) {
      return nothing();
    }
    var events = new ArrayList<SessionEvent>();
    events.add(new SessionEvent.Claimed(state.epoch() + 1, claim.at()));
    state
        .current()
        .ifPresent(
            run ->
                run.open().stream()
                    .filter(call -> call.runner() == Call.Runner.HERE_ONCE)
                    .forEach(call -> events.add(unknown(run, call, claim.at()))));
    return happens(withWhatFollows(state, events, claim.at()));
  }

  private static SessionEvent unknown(Run run, Call call, Instant at) {
    var told =
        "The node running this tool stopped before it could report. Whether it took effect is"
            + " unknown; check before trying again.";
    return settled(run, call, ToolOutcome.UNKNOWN, told, at);
  }

  private static SessionEvent settled(
      Run run, Call call, ToolOutcome outcome, String content, Instant at) {
    return new SessionEvent.ToolSettled(
        run.id(), call.id(), outcome, toolMessage(call, content, at), at);
  }

  private static Decision<SessionEvent> settleModel(Open state, SessionCommand.SettleModel answer) {
    var expected = calling(state, answer.run(), answer.step());
    if (expected.isEmpty()) {
      return nothing();
    }
    boolean here = answer.calls().stream().anyMatch(call -> !call.isClient());
    if (here && answer.step() + 1 >= MAX_STEPS) {
      return happens(
          new SessionEvent.Failed(
              answer.run(),
              TOO_MANY_STEPS,
              "stopped after " + MAX_STEPS + " model calls",
              withoutCalls(answer.message()),
              answer.at()));
    }
    return here
        ? happens(
            new SessionEvent.ToolsIntended(
                answer.run(), answer.message(), answer.calls(), answer.usage(), answer.at()))
        : happens(
            new SessionEvent.Completed(
                answer.run(),
                List.of(answer.message()),
                answer.calls(),
                answer.finishReason(),
                answer.usage(),
                answer.at()));
  }

  /**
   * A message whose calls will never be answered must not carry them: models refuse such a history.
   */
  private static List<Message> withoutCalls(Message m) {
    return m.text().isEmpty()
        ? List.of()
        : List.of(
            new Message(
                m.id(),
                m.timestamp(),
                m.role(),
                m.content(),
                m.thinking(),
                List.of(),
                "",
                m.name(),
                Message.Mark.INCOMPLETE));
  }

  private static Decision<SessionEvent> failModel(Open state, SessionCommand.FailModel failure) {
    return calling(state, failure.run(), failure.step()).isEmpty()
        ? nothing()
        : happens(
            new SessionEvent.Failed(
                failure.run(),
                failure.code(),
                failure.reason(),
                failure.shown().stream().toList(),
                failure.at()));
  }

  private static Optional<Run> calling(Open state, RunId run, int step) {
    return state
        .current()
        .filter(r -> r.id().equals(run) && r.step() == step && r.open().isEmpty());
  }

  private static Decision<SessionEvent> settleTool(Open state, SessionCommand.SettleTool result) {
    var run = state.current().filter(r -> r.id().equals(result.run()));
    var call =
        run.flatMap(r -> r.open().stream().filter(c -> c.id().equals(result.callId())).findFirst());
    if (run.isEmpty() || call.isEmpty()) {
      return nothing();
    }
    var events = new ArrayList<SessionEvent>();
    events.add(settled(run.get(), call.get(), result.outcome(), result.content(), result.at()));
    return happens(withWhatFollows(state, events, result.at()));
  }

  /**
   * When these settlements leave no tool open, what steers joins before the model is called again.
   * If nothing but calls that the caller must run is left, the turn ends instead.
   */
  private static List<SessionEvent> withWhatFollows(
      Open state, List<SessionEvent> events, Instant at) {
    SessionState after = state;
    for (var event : events) {
      after = evolveState(after, event);
    }
    if (!(after instanceof Open open) || open.current().isEmpty()) {
      return events;
    }
    var run = open.current().get();
    if (run.open().isEmpty() && !run.client().isEmpty()) {
      events.add(
          new SessionEvent.Completed(
              run.id(), List.of(), run.client(), "tool_calls", Usage.NONE, at));
    } else if (run.step() > state.current().orElseThrow().step()) {
      open.waiting().stream()
          .filter(Run::steering)
          .forEach(steering -> events.add(new SessionEvent.Absorbed(steering.id(), run.id(), at)));
    }
    return events;
  }

  private static Decision<SessionEvent> abort(Open state, SessionCommand.Abort abort) {
    var events = new ArrayList<SessionEvent>();
    for (var run : runs(state)) {
      if (abort.run().isEmpty() || abort.run().get().equals(run.id())) {
        events.addAll(
            closing(
                state,
                run,
                isCurrent(state, run) ? abort.shown().stream().toList() : List.of(),
                abort.at()));
      }
    }
    if (abort.run().isEmpty() && !state.awaited().isEmpty()) {
      events.add(awaitedDropped(state, abort.at()));
    }
    return happens(events);
  }

  private static Decision<SessionEvent> dropAwaited(Open state, SessionCommand.DropAwaited drop) {
    return state.isHeldUp() ? happens(awaitedDropped(state, drop.at())) : nothing();
  }

  private static SessionEvent awaitedDropped(Open state, Instant at) {
    return new SessionEvent.AwaitedDropped(cancelled(state.awaited(), at), at);
  }

  private static List<Run> runs(Open state) {
    // Those that wait go first: were the current one to end before them, they would start.
    return SessionState.append(state.waiting(), state.current().stream().toList());
  }

  private static boolean isCurrent(Open state, Run run) {
    return state.current().filter(run::equals).isPresent();
  }

  /** Ends a run on request; open calls are closed so that the history stays one a model accepts. */
  private static List<SessionEvent> closing(Open state, Run run, List<Message> shown, Instant at) {
    var messages = new ArrayList<>(shown);
    if (isCurrent(state, run)) {
      messages.addAll(cancelled(SessionState.append(run.open(), run.client()), at));
    }
    return List.of(new SessionEvent.Aborted(run.id(), messages, at));
  }

  private static List<Message> cancelled(List<Call> calls, Instant at) {
    return calls.stream()
        .map(call -> toolMessage(call, "cancelled before a result was given", at))
        .toList();
  }

  /** Its id follows from call and time, so that deciding needs no randomness. */
  private static Message toolMessage(Call call, String content, Instant at) {
    var id = UUID.nameUUIDFromBytes((at + "/" + call.id()).getBytes(UTF_8));
    return new Message(
        id.toString(),
        at,
        Role.TOOL,
        List.of(new Part.Text(content)),
        "",
        List.of(),
        call.id(),
        call.name(),
        Message.Mark.NONE);
  }

  private static Decision<SessionEvent> patch(Open state, SessionCommand.Patch patch) {
    var now = state.profile();
    var label = patch.label().orElse(now.label());
    var model = patch.model().orElse(now.model());
    var metadata = patch.metadata().orElse(now.metadata());
    var mode = patch.inputMode().orElse(now.inputMode());
    boolean same =
        label.equals(now.label())
            && model.equals(now.model())
            && metadata.equals(now.metadata())
            && mode == now.inputMode();
    return same
        ? nothing()
        : happens(new SessionEvent.Patched(label, model, metadata, mode, patch.at()));
  }

  private static List<SessionEvent> endAll(Open state, Instant at, SessionEvent last) {
    var events = new ArrayList<SessionEvent>();
    for (var run : runs(state)) {
      events.addAll(closing(state, run, List.of(), at));
    }
    events.add(last);
    return events;
  }

  @Override
  public SessionState evolve(SessionState state, SessionEvent event) {
    return evolveState(state, event);
  }

  private static SessionState evolveState(SessionState state, SessionEvent event) {
    return switch (state) {
      case Absent absent ->
          switch (event) {
            case SessionEvent.Opened opened ->
                Open.of(absent.epoch(), opened.profile(), opened.at());
            // A journal whose beginning was swept away starts with it.
            case SessionEvent.Deleted deleted ->
                new Absent(Math.max(absent.epoch(), deleted.epoch()));
            case SessionEvent.Accepted _,
                SessionEvent.Claimed _,
                SessionEvent.ToolsIntended _,
                SessionEvent.ToolSettled _,
                SessionEvent.Completed _,
                SessionEvent.Failed _,
                SessionEvent.Aborted _,
                SessionEvent.Absorbed _,
                SessionEvent.AwaitedDropped _,
                SessionEvent.Patched _,
                SessionEvent.Reset _ ->
                throw new IllegalStateException(
                    event.getClass().getSimpleName() + " before the session was opened");
          };
      case Open open -> new SessionEvolution(open).after(event);
    };
  }

  @Override
  public List<Owed> owed(SessionState state) {
    return switch (state) {
      case Absent _ -> List.of();
      case Open open -> open.current().map(SessionRules::owed).orElse(List.of());
    };
  }

  private static List<Owed> owed(Run run) {
    return run.open().isEmpty()
        ? List.of(new Owed.ModelCall(run.id(), run.step()))
        : run.open().stream()
            .<Owed>map(call -> new Owed.ToolRun(run.id(), run.step(), call))
            .toList();
  }
}
