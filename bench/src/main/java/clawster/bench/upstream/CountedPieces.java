package clawster.bench.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** "t0 ", "t1 ", … made without garbage: this is the inner loop of bulk streaming. */
record CountedPieces(Answer.Counted answer) implements Pieces {

  @Override
  public int count() {
    return answer.tokens();
  }

  @Override
  public int bytesAtMost() {
    return Math.max(answer.size(), 12) + answer.lead().length();
  }

  @Override
  public void put(int index, ByteBuffer out) {
    if (index == 0 && !answer.lead().isEmpty()) {
      out.put(answer.lead().getBytes(StandardCharsets.US_ASCII));
    }
    var number = answer.from() + index;
    var start = out.position();
    out.put((byte) 't');
    var digits = digits(number);
    var last = out.position() + digits - 1;
    for (var rest = number; last > start; last--, rest /= 10) {
      out.put(last, (byte) ('0' + rest % 10));
    }
    out.position(start + 1 + digits);
    while (out.position() - start < answer.size() - 1) {
      out.put((byte) '.');
    }
    if (number < answer.until() - 1) {
      out.put((byte) ' ');
    }
  }

  private static int digits(int number) {
    var digits = 1;
    for (var rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
