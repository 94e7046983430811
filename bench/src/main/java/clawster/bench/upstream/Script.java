package clawster.bench.upstream;

import clawster.bench.upstream.Message.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What one request shall get: an answer, a pace and a mishap.
 *
 * <pre>
 * [[fake tokens=N delay=MS ttft=MS err=CODE retry=S errfirst=K key=STR cut=K bad=K nodone=1 nousage=1 hang=1
 *        size=BYTES echo=1 text=URLENCODED]]
 * CALL_TOOL name {json}   call that tool (several lines: parallel calls); a tool result is answered TOOL_RESULT …
 * LOOP_TOOL name {json}   the same, and again after each result
 * ECHO_HISTORY            the same as echo=1
 * </pre>
 *
 * An unfinished "t0 … tk" as the last assistant message, with no controls after it, is gone on with
 * from t(k+1). Where t(k) was the last one, a request to go on is answered with nothing.
 */
record Script(Controls controls, Answer answer, int promptTokens) {

  private static final int TOKENS = 16;
  private static final int MAX_TOKENS = 1_000_000;
  private static final int MAX_SIZE = 16 * 1024;
  private static final Pattern COUNTED = Pattern.compile("t0(?: t\\d++)*+ ?");
  private static final Pattern GO_ON = Pattern.compile("(?i)^$|\\b(?:go on|continue)\\b");
  private static final Pattern CALL =
      Pattern.compile("(?:CALL|LOOP)_TOOL[ \\t]+([\\w.\\-:/]+)[ \\t]*");

  static Script of(Conversation conversation) {
    var asked = asked(conversation);
    var controls = Controls.in(asked);
    var continuation = controls.isPresent() ? Optional.<Script>empty() : continuation(conversation);
    return continuation.orElseGet(() -> of(conversation, asked, controls.orElse(Controls.NONE)));
  }

  private static Script of(Conversation conversation, String asked, Controls controls) {
    return new Script(controls, answer(conversation, asked, controls), conversation.promptTokens());
  }

  Duration firstAfter() {
    return Duration.ofMillis(Math.max(0, controls.number("ttft", 0)));
  }

  Duration apart() {
    return Duration.ofMillis(Math.max(0, controls.number("delay", 0)));
  }

  int error() {
    return controls.number("err", 0);
  }

  /** How many requests of the same key fail; 0 means all of them. */
  int failures() {
    return controls.number("errfirst", 0);
  }

  String failureKey() {
    return controls.text("key", controls.marker());
  }

  String retryAfter() {
    return controls.text("retry", "1");
  }

  /** The token before which the connection is cut, -1 for never. */
  int cutAt() {
    return controls.number("cut", -1);
  }

  /** The token before which a malformed line is written, -1 for never. */
  int badAt() {
    return controls.number("bad", -1);
  }

  boolean hangs() {
    return controls.says("hang");
  }

  boolean endsProperly() {
    return !controls.says("nodone");
  }

  boolean tellsUsage() {
    return !controls.says("nousage");
  }

  /** In a tool loop the newest message is the tool's; what to do was said by the user before it. */
  private static String asked(Conversation conversation) {
    var newest = conversation.newestUserText();
    if (conversation.toolResults().isEmpty() || hasControls(newest)) {
      return newest;
    }
    return earlierUserText(conversation).filter(Script::hasControls).orElse(newest);
  }

  private static boolean hasControls(String text) {
    return text.contains("[[fake") || text.contains("LOOP_TOOL ");
  }

  /** The user message which the last assistant message answers. */
  private static Optional<String> earlierUserText(Conversation conversation) {
    for (var index = conversation.lastAssistant() - 1; index >= 0; index--) {
      var message = conversation.messages().get(index);
      if (message.is(Role.USER)) {
        return Optional.of(message.text());
      }
    }
    return Optional.empty();
  }

  private static Optional<Script> continuation(Conversation conversation) {
    var last = conversation.lastAssistant();
    if (last < 0 || !conversation.toolResults().isEmpty()) {
      return Optional.empty();
    }
    var said = conversation.messages().get(last).text();
    if (!COUNTED.matcher(said).matches()) {
      return Optional.empty();
    }
    var from = said.strip().split(" ").length;
    return earlierUserText(conversation)
        .flatMap(Controls::in)
        .filter(
            controls ->
                tokens(controls) > from
                    || tokens(controls) == from && GO_ON.matcher(asked(conversation)).find())
        .map(
            controls ->
                new Script(
                    controls,
                    new Answer.Counted(
                        from, tokens(controls), size(controls), said.endsWith(" ") ? "" : " "),
                    conversation.promptTokens()));
  }

  private static Answer answer(Conversation conversation, String asked, Controls controls) {
    if (!conversation.toolResults().isEmpty() && !asked.contains("LOOP_TOOL ")) {
      return Answer.Words.of("TOOL_RESULT " + results(conversation));
    }
    var calls = calls(asked);
    if (!calls.isEmpty()) {
      return new Answer.Calls(calls);
    }
    if (controls.says("echo") || asked.contains("ECHO_HISTORY")) {
      return Answer.Words.of(conversation.history());
    }
    return controls.says("text")
        ? Answer.Words.of(controls.text("text", ""))
        : new Answer.Counted(0, tokens(controls), size(controls), "");
  }

  private static int tokens(Controls controls) {
    return Math.clamp(controls.number("tokens", TOKENS), 1, MAX_TOKENS);
  }

  private static int size(Controls controls) {
    return Math.clamp(controls.number("size", 0), 0, MAX_SIZE);
  }

  private static String results(Conversation conversation) {
    var texts = conversation.toolResults().stream().map(Message::text).toList();
    return Json.text(texts.size() == 1 ? texts.getFirst() : texts);
  }

  private static List<Answer.Call> calls(String asked) {
    var calls = new ArrayList<Answer.Call>();
    var matcher = CALL.matcher(asked);
    while (matcher.find()) {
      calls.add(new Answer.Call(Json.id("call_"), matcher.group(1), object(asked, matcher.end())));
    }
    return calls;
  }

  /** The JSON object that starts here, by its braces; an empty one where none starts. */
  private static String object(String text, int start) {
    var depth = 0;
    var quoted = false;
    for (var index = start; index < text.length(); index++) {
      var character = text.charAt(index);
      if (quoted && character == '\\') {
        index++;
      } else if (character == '"') {
        quoted = !quoted;
      } else if (!quoted && character == '{') {
        depth++;
      } else if (!quoted && character == '}') {
        depth--;
      }
      if (depth == 0) {
        return index == start ? "{}" : text.substring(start, index + 1);
      }
    }
    return "{}";
  }
}
