package clawster.bench.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the model says: counted tokens, given words, or calls of tools. */
sealed interface Answer {

  int tokens();

  /**
   * {@code t<from> … t<until-1>}; the lead is a space where the text it goes on from ends without
   * one.
   */
  record Counted(int from, int until, int size, String lead) implements Answer {

    @Override
    public int tokens() {
      return until - from;
    }

    Pieces pieces() {
      return new CountedPieces(this);
    }

    String text() {
      var pieces = pieces();
      var buffer = ByteBuffer.allocate(pieces.count() * pieces.bytesAtMost());
      for (var index = 0; index < pieces.count(); index++) {
        pieces.put(index, buffer);
      }
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }
  }

  record Words(List<String> words) implements Answer {

    private static final Pattern WORD = Pattern.compile("\\S+\\s*|\\s+");

    public Words {
      words = List.copyOf(words);
    }

    static Words of(String text) {
      return new Words(
          text.isEmpty()
              ? List.of("")
              : WORD.matcher(text).results().map(MatchResult::group).toList());
    }

    @Override
    public int tokens() {
      return words.size();
    }
  }

  record Calls(List<Call> calls) implements Answer {

    private static final int TOKENS_PER_CALL = 8;

    public Calls {
      calls = List.copyOf(calls);
    }

    @Override
    public int tokens() {
      return calls.size() * TOKENS_PER_CALL;
    }
  }

  /** The arguments are passed on as they were written, valid JSON or not. */
  record Call(String id, String tool, String arguments) {

    /**
     * Real providers stream arguments in pieces; two are enough to find who forgets to join them.
     */
    List<String> halves() {
      var middle = (arguments.length() + 1) / 2;
      return List.of(arguments.substring(0, middle), arguments.substring(middle));
    }
  }
}
