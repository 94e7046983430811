package clawster.runtime.sessions;

import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.ToolSpec;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Values to test with; the same words give the same value. */
final class Some {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  static final SessionProfile PROFILE = profile("writer");

  static final Usage USAGE = new Usage(10, 3);

  private Some() {}

  static SessionProfile profile(String agent) {
    return SessionProfile.opened(new SessionKey("agent:writer:desk"), agent, true, "http", "kari");
  }

  static RunId run(int number) {
    return new RunId(new UUID(0x0196_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
  }

  static Message user(String text) {
    return message(Role.USER, text, List.of(), "");
  }

  static Message assistant(String text, Call... calls) {
    return message(
        Role.ASSISTANT,
        text,
        Arrays.stream(calls).map(c -> new ToolCall(c.id(), c.name(), c.arguments())).toList(),
        "");
  }

  /** What a caller sends for a call of its own. */
  static Message result(Call call) {
    return message(Role.TOOL, "result of " + call.id(), List.of(), call.id());
  }

  private static Message message(Role role, String text, List<ToolCall> calls, String callId) {
    List<Part> content = text.isEmpty() ? List.of() : List.of(new Part.Text(text));
    var id = role + "/" + text + "/" + callId;
    return new Message(
        UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString(),
        NOON,
        role,
        content,
        "",
        calls,
        callId,
        "",
        Message.Mark.NONE);
  }

  static Call again(String id) {
    return new Call(id, "datetime", "{}", Call.Runner.HERE_AGAIN);
  }

  static Call once(String id) {
    return new Call(id, "write_file", "{\"path\":\"a\"}", Call.Runner.HERE_ONCE);
  }

  /** A request whose client has the tool that {@link #client} calls. */
  static final RunSpec WITH_DOOR =
      new RunSpec(
          "",
          List.of(new ToolSpec("open_door", "Opens a door.", "{\"type\":\"object\"}")),
          Map.of());

  static Call client(String id) {
    return new Call(id, "open_door", "{}", Call.Runner.CLIENT);
  }

  static SessionCommand.Submit submit(int run, InputMode mode, Message... input) {
    return submit(run, RunSpec.PLAIN, mode, input);
  }

  static SessionCommand.Submit submit(int run, RunSpec spec, Message... input) {
    return submit(run, spec, InputMode.QUEUE, input);
  }

  private static SessionCommand.Submit submit(
      int run, RunSpec spec, InputMode mode, Message... input) {
    return new SessionCommand.Submit(
        PROFILE, run(run), List.of(input), spec, Optional.of(mode), Optional.empty(), NOON);
  }

  static SessionCommand.Submit submit(int run) {
    return submit(run, InputMode.QUEUE, user("question " + run));
  }

  static SessionCommand.Submit steer(int run) {
    return submit(run, InputMode.STEER, user("question " + run));
  }

  /** Says nothing of what it does to a busy session. */
  static SessionCommand.Submit plain(int run) {
    return new SessionCommand.Submit(
        PROFILE,
        run(run),
        List.of(user("question " + run)),
        RunSpec.PLAIN,
        Optional.empty(),
        Optional.empty(),
        NOON);
  }

  static SessionCommand.Patch mode(InputMode mode) {
    return new SessionCommand.Patch(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(mode), NOON);
  }

  static SessionCommand.SettleModel answer(int run, int step, String text, Call... calls) {
    return new SessionCommand.SettleModel(
        run(run),
        step,
        assistant(text, calls),
        List.of(calls),
        calls.length == 0 ? "stop" : "tool_calls",
        USAGE,
        NOON);
  }

  static SessionCommand.DropAwaited dropAwaited() {
    return new SessionCommand.DropAwaited(NOON);
  }

  static SessionCommand.SettleTool settle(int run, Call call) {
    return new SessionCommand.SettleTool(run(run), call.id(), ToolOutcome.OK, "done", NOON);
  }

  static SessionCommand.FailModel fail(int run, int step, Optional<Message> shown) {
    return new SessionCommand.FailModel(
        run(run), step, "upstream.timeout", "no token for 60 s", shown, NOON);
  }

  static SessionCommand.Abort abort(int run) {
    return new SessionCommand.Abort(Optional.of(run(run)), Optional.empty(), NOON);
  }

  static SessionCommand.Abort abortAll() {
    return new SessionCommand.Abort(Optional.empty(), Optional.empty(), NOON);
  }

  static SessionCommand.Claim claim() {
    return new SessionCommand.Claim(NOON);
  }

  static SessionCommand.Patch label(String label) {
    return new SessionCommand.Patch(
        Optional.of(label), Optional.empty(), Optional.empty(), Optional.empty(), NOON);
  }

  static SessionCommand.Reset reset() {
    return new SessionCommand.Reset(NOON);
  }

  static SessionCommand.Delete delete() {
    return new SessionCommand.Delete(NOON);
  }
}
