package clawster.runtime.sessions;

import clawster.runtime.agents.Agent;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelRequest;
import clawster.runtime.models.ToolSpec;
import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.tools.Tool;
import clawster.runtime.tools.ToolContext;
import clawster.runtime.tools.ToolRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work under way for one session on this node. Starts what is owed and not running, stops what runs
 * and is no longer owed. Belongs to one incarnation of its entity and is called by it alone; the
 * entity is told how work ended.
 */
final class SessionWork {

  /** Something under way that can be stopped. */
  private sealed interface Running {
    record Turn(ModelTurn turn) implements Running {}

    record Tool(Future<?> task) implements Running {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(SessionWork.class);

  private static final Duration TOOL_DEADLINE = Duration.ofMinutes(2);

  private final SessionParts parts;
  private final ToolRunner toolRunner;
  private final Materializer materializer;
  private final ActorRef<? super Inside> entity;
  private final Map<Owed, Running> running = new HashMap<>();

  SessionWork(SessionParts parts, Materializer materializer, ActorRef<? super Inside> entity) {
    this.parts = parts;
    this.toolRunner = new ToolRunner(parts.toolbox(), parts.blocking(), TOOL_DEADLINE);
    this.materializer = materializer;
    this.entity = entity;
  }

  /**
   * @param said what an earlier owner had said of the current step; used only where a turn starts
   */
  void reconcile(List<Owed> owed, Open state, Said said) {
    var wanted = Set.copyOf(owed);
    running.keySet().stream().filter(work -> !wanted.contains(work)).toList().forEach(this::stop);
    for (var work : owed) {
      if (!running.containsKey(work)) {
        switch (work) {
          case Owed.ModelCall call -> callOrFail(call, state, said);
          case Owed.ToolRun call -> runTool(call, state);
        }
      }
    }
  }

  boolean isCallingModel() {
    return running.values().stream().anyMatch(Running.Turn.class::isInstance);
  }

  /** Stops the model call; its outcome is still reported. */
  void halt() {
    running
        .values()
        .forEach(
            work -> {
              if (work instanceof Running.Turn(ModelTurn turn)) {
                turn.halt();
              }
            });
  }

  /** It came to its end by itself. */
  void ended(Owed work) {
    running.remove(work);
  }

  void stopAll() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  private void stop(Owed work) {
    switch (running.remove(work)) {
      case Running.Turn(ModelTurn turn) -> turn.halt();
      case Running.Tool(Future<?> task) -> task.cancel(true);
    }
  }

  /** A call that cannot even begin would not the next time either. */
  private void callOrFail(Owed.ModelCall call, Open state, Said said) {
    try {
      callModel(call, state, said);
    } catch (RuntimeException bug) {
      LOG.error("Run {} cannot call its model", call.run(), bug);
      running.remove(call);
      fail(call, "run.no_model", "the model cannot be called");
    }
  }

  private void callModel(Owed.ModelCall call, Open state, Said said) {
    var name = modelName(state);
    if (name.isEmpty()) {
      fail(call, "run.no_agent", "there is no agent named " + state.profile().agent());
      return;
    }
    var found = parts.models().find(name.get());
    if (found.isEmpty()) {
      fail(call, "model.unknown", "no provider for model " + name.get());
      return;
    }
    var spec = state.current().orElseThrow().spec();
    var options = call.step() == 0 ? spec.options() : withoutForcedCalls(spec.options());
    var turn =
        new ModelTurn(
            parts.log(),
            materializer,
            parts.clock(),
            call,
            found.get(),
            request(found.get().model(), state, spec, options),
            said.text(),
            said.reasoning(),
            tool -> runner(spec, tool),
            outcome -> entity.tell(new Inside.TurnEnded(this, call, outcome)));
    running.put(call, new Running.Turn(turn));
    turn.start(said.resumed());
  }

  private void fail(Owed.ModelCall call, String code, String reason) {
    var failed = new ModelTurn.Outcome.Failed(code, reason, Optional.empty());
    entity.tell(new Inside.TurnEnded(this, call, failed));
  }

  /** Empty if it is the agent's to say and the agent is no more. */
  private Optional<String> modelName(Open state) {
    return Stream.of(state.current().orElseThrow().spec().model(), state.profile().model())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .or(() -> parts.agents().find(state.profile().agent()).map(Agent::model));
  }

  private ModelRequest request(
      String model, Open state, RunSpec spec, Map<String, Object> options) {
    var messages = new ArrayList<ModelMessage>(state.history().size() + 1);
    parts
        .agents()
        .find(state.profile().agent())
        .filter(agent -> !agent.systemPrompt().isEmpty())
        .ifPresent(agent -> messages.add(ModelMessage.text(Role.SYSTEM, agent.systemPrompt())));
    state.history().forEach(message -> messages.add(message.toModel()));
    var tools = new ArrayList<ToolSpec>(spec.clientTools());
    parts.toolbox().specs().stream()
        .filter(tool -> !spec.isClientTool(tool.name()))
        .forEach(tools::add);
    return new ModelRequest(model, messages, tools, options);
  }

  /** A call that was asked for has been made; asked for again at each step, there were no end. */
  private static Map<String, Object> withoutForcedCalls(Map<String, Object> options) {
    var free = new HashMap<>(options);
    free.computeIfPresent(
        "tool_choice",
        (_, choice) -> choice.equals("auto") || choice.equals("none") ? choice : null);
    return free;
  }

  /**
   * The caller's tools go before ours of the same name; an unknown name is answered here, with an
   * error.
   */
  private Call.Runner runner(RunSpec spec, String tool) {
    if (spec.isClientTool(tool)) {
      return Call.Runner.CLIENT;
    }
    boolean again = parts.toolbox().find(tool).map(Tool::idempotent).orElse(true);
    return again ? Call.Runner.HERE_AGAIN : Call.Runner.HERE_ONCE;
  }

  /** Named by the session's id, because its key may hold what no file name may. */
  private Path workspace(SessionProfile profile) {
    return parts
        .workspaces()
        .resolve(profile.agent())
        .resolve(SessionId.of(profile.key()).toString());
  }

  private void runTool(Owed.ToolRun owed, Open state) {
    var call = owed.call();
    var context =
        new ToolContext(state.profile().key().value(), call.id(), workspace(state.profile()));
    var task =
        parts
            .blocking()
            .submit(
                () ->
                    entity.tell(
                        new Inside.ToolEnded(
                            this, owed, toolRunner.run(call.name(), context, call.arguments()))));
    running.put(owed, new Running.Tool(task));
  }
}
