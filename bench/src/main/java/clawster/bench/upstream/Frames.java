package clawster.bench.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A stream of server-sent events: {@code head, (before, piece, after)*, tail}. */
record Frames(byte[] head, byte[] before, Pieces pieces, byte[] after, byte[] tail) {

  private static final byte[] MALFORMED =
      "data: {\"this is\": not json\n\n".getBytes(StandardCharsets.US_ASCII);

  static Frames of(String head, String before, Pieces pieces, String after, String tail) {
    return new Frames(utf8(head), utf8(before), pieces, utf8(after), utf8(tail));
  }

  int count() {
    return pieces.count();
  }

  int bytesAtMost() {
    return before.length + pieces.bytesAtMost() + after.length + MALFORMED.length;
  }

  void put(int index, ByteBuffer out) {
    out.put(before);
    pieces.put(index, out);
    out.put(after);
  }

  static void putMalformed(ByteBuffer out) {
    out.put(MALFORMED);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
