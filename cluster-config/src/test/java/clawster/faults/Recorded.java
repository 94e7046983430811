package clawster.faults;

import clawster.faults.Op.Reply;
import clawster.faults.Op.Result;
import clawster.faults.Op.Telling;
import clawster.faults.Stored.Journaled;
import clawster.faults.Stored.Said;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import clawster.runtime.sessions.Call;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.RunSpec;
import clawster.runtime.sessions.SessionEvent;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionProfile;
import clawster.runtime.sessions.ToolOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A record made by hand, sentence by sentence. */
final class Recorded {

  private static final Instant AT = Instant.EPOCH;

  private final String session;
  private final List<Op> ops = new ArrayList<>();
  private final List<Journaled> journal = new ArrayList<>();
  private final List<Said> history = new ArrayList<>();
  private final Map<String, List<RunEntry>> logs = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private Optional<String> listensFrom = Optional.empty();
  private final List<Heard.Event> events = new ArrayList<>();
  private long sequence;
  private int ids;

  Recorded(String session) {
    this.session = session;
    happens(new SessionEvent.Opened(profile(), AT));
  }

  private SessionProfile profile() {
    return SessionProfile.opened(new SessionKey(session), "default", true, "http", "system");
  }

  static String run(int number) {
    return "00000000-0000-7000-8000-%012d".formatted(number);
  }

  List<Op> ops() {
    return List.copyOf(ops);
  }

  Stored stored() {
    return new Stored(Map.of(session, journal), Map.of(session, history), logs, effects);
  }

  List<Heard> heard() {
    return listensFrom.map(from -> new Heard(session, from, events)).stream().toList();
  }

  private void happens(SessionEvent event) {
    journal.add(new Journaled(++sequence, event));
  }

  private Message message(Role role, String text, List<ToolCall> calls) {
    var id = "m" + ++ids;
    history.add(new Said(id, role.name().toLowerCase(), text, !calls.isEmpty()));
    return new Message(
        id, AT, role, List.of(new Part.Text(text)), "", calls, "", "", Message.Mark.NONE);
  }

  private void logs(String run, RunWord word) {
    var log = logs.computeIfAbsent(run, _ -> new ArrayList<>());
    log.add(new RunEntry(log.size() + 1, 1, 0, word));
  }

  void sends(int number, Result result, String run, Telling telling, String told) {
    sends(number, number * 10L, result, run, telling, told);
  }

  void sends(int number, long began, Result result, String run, Telling telling, String told) {
    var reply = result == Result.ACKNOWLEDGED ? Reply.GOOD : Reply.NONE;
    ops.add(op(number, began, result, reply, run, telling, told));
  }

  /** With 503, and told when to come again. */
  void isPutOff(int number) {
    var reply = new Reply(503, true);
    ops.add(op(number, number * 10L, Result.UNKNOWN, reply, "", Telling.INTERRUPTED, ""));
  }

  private Op op(
      int number,
      long began,
      Result result,
      Reply reply,
      String run,
      Telling telling,
      String told) {
    return new Op(
        session,
        number,
        Checker.marker(session, number),
        began,
        began + 5,
        result,
        reply,
        Optional.of(run).filter(text -> !text.isEmpty()),
        telling,
        told);
  }

  Recorded accepts(int number, String run) {
    var input = message(Role.USER, Checker.marker(session, number) + " hello", List.of());
    happens(new SessionEvent.Accepted(RunId.of(run), List.of(input), RunSpec.PLAIN, false, AT));
    logs(run, new RunWord.Accepted(session));
    return this;
  }

  Recorded completes(String run, String text) {
    var answer = message(Role.ASSISTANT, text, List.of());
    happens(completed(run, List.of(answer)));
    logs(run, new RunWord.Text(text));
    logs(run, new RunWord.Completed(answer.id(), "stop", Usage.NONE));
    return this;
  }

  private static SessionEvent completed(String run, List<Message> messages) {
    return new SessionEvent.Completed(RunId.of(run), messages, List.of(), "stop", Usage.NONE, AT);
  }

  /** One run with one end, and one more answer in it. */
  void answersAgain(String run) {
    var last = (SessionEvent.Completed) journal.removeLast().event();
    sequence--;
    var messages = new ArrayList<>(last.messages());
    messages.add(message(Role.ASSISTANT, "", List.of()));
    happens(completed(run, messages));
  }

  void endsAgain(String run) {
    happens(completed(run, List.of()));
  }

  /** In the middle of a run: a tool is called and has a result. */
  Recorded calls(String run, String call, ToolOutcome outcome, int times) {
    var asking = message(Role.ASSISTANT, "", List.of(new ToolCall(call, "note_once", "{}")));
    var result = message(Role.TOOL, "noted", List.of());
    var calls = List.of(new Call(call, "note_once", "{}", Call.Runner.HERE_ONCE));
    happens(new SessionEvent.ToolsIntended(RunId.of(run), asking, calls, Usage.NONE, AT));
    happens(new SessionEvent.ToolSettled(RunId.of(run), call, outcome, result, AT));
    takesEffect(call, times);
    return this;
  }

  void takesEffect(String call, int times) {
    for (int i = 0; i < times; i++) {
      effects.add(new Effect(call, "note_once"));
    }
  }

  /** Hears nothing by that. */
  Recorded listens(String from) {
    listensFrom = Optional.of(from);
    return this;
  }

  /** Who hears has listened from the first run on. */
  Recorded hears(String run, long... seqs) {
    listensFrom = listensFrom.or(() -> Optional.of(run));
    for (long seq : seqs) {
      var word = logs.get(run).get((int) seq - 1).word();
      var text = word instanceof RunWord.Text(String said) ? said : "";
      events.add(new Heard.Event(run, seq, "", text));
    }
    return this;
  }

  void hearsWrongly(String run) {
    hears(run, 1, 2, 3);
    var right = events.remove(events.size() - 2);
    events.add(events.size() - 1, new Heard.Event(run, right.seq(), "", right.text() + "!"));
  }

  void skipsARow() {
    sequence++;
  }

  void forgetsTheLastMessage() {
    history.removeLast();
  }
}
