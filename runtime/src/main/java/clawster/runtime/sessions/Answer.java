package clawster.runtime.sessions;

import clawster.runtime.models.FinishReason;
import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunWord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer as it grows. It says which words of it to show, so that what was shown and what is kept
 * are the same by construction. Not thread-safe: one stream feeds it.
 */
final class Answer {

  private static final class Draft {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  private final StringBuilder text;
  private final StringBuilder reasoning;
  private final WholeCharacters textPieces = new WholeCharacters();
  private final WholeCharacters reasoningPieces = new WholeCharacters();
  private final Map<Integer, Draft> calls = new TreeMap<>();
  private Optional<ModelEvent.Finished> finished = Optional.empty();
  private Usage spent = Usage.NONE;

  /** Set while regenerated text is compared with what was shown before. */
  private int toMatch;

  private boolean mismatch;
  private String shownBefore = "";

  /** Reasoning from before it began anew, and how much of it has come again. */
  private String thoughtBefore = "";

  private int rethought;

  /** White space that is there already and may come once more where the text goes on. */
  private String repeated = "";

  Answer(String said, String thought) {
    this.text = new StringBuilder(said);
    this.reasoning = new StringBuilder(thought);
  }

  /** Starts over: text that repeats what was shown is not shown again. */
  void regenerate() {
    shownBefore = shown();
    toMatch = 0;
    text.setLength(0);
    dropHalves();
    rethink();
  }

  /** Thinks from the beginning: reasoning that repeats what was shown is not shown again. */
  void rethink() {
    thoughtBefore = reasoning.toString();
    rethought = 0;
  }

  /** Where the text goes on, as much of {@code space} as comes first is not said again. */
  void skip(String space) {
    repeated = space;
  }

  /** Half-told tool calls and characters are worth nothing once the stream broke. */
  void dropHalves() {
    calls.clear();
    textPieces.drop();
    reasoningPieces.drop();
  }

  /** Takes in a batch of events; what is to be shown of them, pieces of a kind merged. */
  List<RunWord> take(List<ModelEvent> events) {
    var words = new ArrayList<RunWord>(2);
    var said = new StringBuilder();
    var thought = new StringBuilder();
    for (var event : events) {
      switch (event) {
        case ModelEvent.Text(String piece) -> {
          flush(thought, words, false);
          say(fresh(textPieces.take(piece)), said, words);
        }
        case ModelEvent.Reasoning(String piece) -> {
          flush(said, words, true);
          think(anew(reasoningPieces.take(piece)), thought);
        }
        case ModelEvent.ToolCallFragment fragment -> fragment(fragment);
        case ModelEvent.Finished end -> {
          finished = Optional.of(end);
          spent = spent.plus(end.usage());
          think(anew(reasoningPieces.rest()), thought);
          say(fresh(textPieces.rest()), said, words);
          if (!mismatch && toMatch < shownBefore.length()) {
            flush(thought, words, false);
            interrupt(words);
          }
        }
      }
    }
    flush(said, words, true);
    flush(thought, words, false);
    return words;
  }

  private static void flush(StringBuilder pieces, List<RunWord> words, boolean text) {
    if (!pieces.isEmpty()) {
      var all = pieces.toString();
      words.add(text ? new RunWord.Text(all) : new RunWord.Reasoning(all));
      pieces.setLength(0);
    }
  }

  private String fresh(String piece) {
    int same = 0;
    while (same < Math.min(repeated.length(), piece.length())
        && repeated.charAt(same) == piece.charAt(same)) {
      same++;
    }
    repeated = same == piece.length() ? repeated.substring(same) : "";
    return piece.substring(same);
  }

  /** What is new of a piece of reasoning; once it differs, all since it began anew. */
  private String anew(String piece) {
    int compare = Math.min(thoughtBefore.length() - rethought, piece.length());
    if (thoughtBefore.regionMatches(rethought, piece, 0, compare)) {
      rethought += compare;
      return piece.substring(compare);
    }
    var other = "\n\n" + thoughtBefore.substring(0, rethought) + piece;
    rethought = thoughtBefore.length();
    return other;
  }

  private void think(String piece, StringBuilder thought) {
    reasoning.append(piece);
    thought.append(piece);
  }

  private void say(String piece, StringBuilder said, List<RunWord> words) {
    text.append(piece);
    if (mismatch) {
      return;
    }
    if (toMatch >= shownBefore.length()) {
      said.append(piece);
      return;
    }
    int compare = Math.min(shownBefore.length() - toMatch, piece.length());
    if (!shownBefore.regionMatches(toMatch, piece, 0, compare)) {
      interrupt(words);
      return;
    }
    toMatch += compare;
    said.append(piece, compare, piece.length());
  }

  private void interrupt(List<RunWord> words) {
    mismatch = true;
    words.add(new RunWord.Interrupted());
  }

  private void fragment(ModelEvent.ToolCallFragment fragment) {
    var draft = calls.computeIfAbsent(fragment.index(), _ -> new Draft());
    draft.id = fragment.id().isEmpty() ? draft.id : fragment.id();
    draft.name = fragment.name().isEmpty() ? draft.name : fragment.name();
    draft.arguments.append(fragment.arguments());
  }

  /** The answer so far; on its way to the history. */
  String text() {
    return text.toString();
  }

  /** What readers have seen of it: more than the text, or other, while it is regenerated. */
  String shown() {
    return mismatch || toMatch < shownBefore.length() ? shownBefore : text.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  boolean isEmpty() {
    return text.isEmpty() && reasoning.isEmpty();
  }

  boolean isFinished() {
    return finished.isPresent();
  }

  /** Nothing follows it: no tool is called. */
  boolean isFinal() {
    return isFinished() && calls.isEmpty();
  }

  Usage usage() {
    return spent;
  }

  /** The calls it ends with. An id is made for a call that has none or another's. */
  List<ToolCall> toolCalls(String messageId) {
    var seen = new HashSet<String>();
    var all = new ArrayList<ToolCall>();
    calls.forEach(
        (index, draft) -> {
          var id =
              !draft.id.isEmpty() && seen.add(draft.id)
                  ? draft.id
                  : "call_" + messageId.replace("-", "") + "_" + index;
          all.add(
              new ToolCall(
                  WholeCharacters.whole(id),
                  WholeCharacters.whole(draft.name),
                  WholeCharacters.whole(draft.arguments.toString())));
        });
    return all;
  }

  String finishReason() {
    var reason = finished.map(ModelEvent.Finished::reason).orElse(FinishReason.STOP);
    boolean stop = reason == FinishReason.TOOL_CALLS && calls.isEmpty();
    return calls.isEmpty()
        ? (stop ? FinishReason.STOP : reason).wireName()
        : FinishReason.TOOL_CALLS.wireName();
  }
}
