package clawster.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Finds "t0 t1 …" inside the {@code "content":"…"} strings of an answer, streamed or whole, without
 * parsing JSON. Several tokens may share a chunk, and a token may be split between two. Between the
 * strings it finds the comment by which a stream says that another node goes on with it.
 */
final class TokenScanner {

  private static final byte[] OPENING = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MOVED = ": recovered\n".getBytes(StandardCharsets.US_ASCII);
  private static final int COLON = 10;
  private static final int NO_NUMBER = -1;

  private final Call call;
  private int matched;
  private int matchedMoved;
  private boolean inside;
  private boolean escaped;
  private int number = NO_NUMBER;

  TokenScanner(Call call) {
    this.call = call;
  }

  void scan(byte[] bytes, int from, int until, long nanos) {
    for (var index = from; index < until; index++) {
      var next = bytes[index];
      if (inside) {
        inside(next, nanos);
        continue;
      }
      moved(next);
      if (next == OPENING[matched]) {
        if (++matched == OPENING.length) {
          inside = true;
          matched = 0;
        }
      } else if (matched != COLON || next != ' ') {
        matched = next == '"' ? 1 : 0;
      }
    }
  }

  /** The comment's first byte is not among its others. */
  private void moved(byte next) {
    if (next != MOVED[matchedMoved]) {
      matchedMoved = next == MOVED[0] ? 1 : 0;
    } else if (++matchedMoved == MOVED.length) {
      call.moved();
      matchedMoved = 0;
    }
  }

  private void inside(byte next, long nanos) {
    if (escaped) {
      escaped = false;
    } else if (next == '\\') {
      escaped = true;
    } else if (next == '"') {
      inside = false;
    } else if (next == 't') {
      number = 0;
      call.token(nanos);
    } else if (next >= '0' && next <= '9' && number != NO_NUMBER) {
      number = number * 10 + next - '0';
    } else {
      finished();
    }
  }

  void finished() {
    if (number != NO_NUMBER && number != call.tokens() - 1) {
      call.outOfOrder();
    }
    number = NO_NUMBER;
  }
}
