package clawster.runtime.models;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the events in a stream of bytes, however it was cut, after the WHATWG rules: lines end with
 * CR, LF or both, a BOM may come first, comments are skipped, and the data lines of one event are
 * joined with LF. It works on bytes, so a character split between two buffers is whole again before
 * anybody reads it.
 *
 * <p>Only the data is kept: both wire formats repeat in it what an event's name would say. A line
 * or an event beyond the limit fails as malformed, so the memory held is bounded by twice the
 * limit. Not thread-safe.
 */
final class ServerSentEvents {

  static final int MAX_EVENT_BYTES = 1 << 20;

  /** Takes the data of one event, never empty; the array is only lent. */
  interface Reader {
    void event(byte[] data, int offset, int length);
  }

  private static final byte[] DATA = {'d', 'a', 't', 'a'};

  private final byte[] chunk = new byte[8 << 10];
  private final Bytes line;
  private final Bytes data;
  private final Reader reader;
  private boolean afterCarriageReturn;
  private boolean firstLine = true;
  private boolean hasData;

  ServerSentEvents(Reader reader) {
    this(reader, MAX_EVENT_BYTES);
  }

  ServerSentEvents(Reader reader, int maxEventBytes) {
    this.reader = reader;
    this.line = new Bytes(maxEventBytes);
    this.data = new Bytes(maxEventBytes);
  }

  /** Consumes the buffer and hands over every event that ends in it. */
  void feed(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      var length = Math.min(chunk.length, buffer.remaining());
      buffer.get(chunk, 0, length);
      split(length);
    }
  }

  private void split(int length) {
    var start = 0;
    for (var at = 0; at < length; at++) {
      var octet = chunk[at];
      if (octet == '\n' && afterCarriageReturn) {
        afterCarriageReturn = false;
        start = at + 1;
      } else if (octet == '\n' || octet == '\r') {
        afterCarriageReturn = octet == '\r';
        endLine(start, at);
        start = at + 1;
      } else {
        afterCarriageReturn = false;
      }
    }
    line.append(chunk, start, length - start);
  }

  private void endLine(int start, int end) {
    if (line.length == 0) {
      read(chunk, start, end);
    } else {
      line.append(chunk, start, end - start);
      read(line.octets, 0, line.length);
      line.clear();
    }
  }

  private void read(byte[] from, int start, int end) {
    if (firstLine) {
      firstLine = false;
      start = afterByteOrderMark(from, start, end);
    }
    if (start == end) {
      dispatch();
    } else {
      var colon = indexOf((byte) ':', from, start, end);
      if (Arrays.equals(from, start, colon, DATA, 0, DATA.length)) {
        appendData(from, colon, end);
      }
    }
  }

  private void appendData(byte[] from, int colon, int end) {
    var value = Math.min(colon + 1, end);
    if (value < end && from[value] == ' ') {
      value++;
    }
    if (hasData) {
      data.append((byte) '\n');
    }
    hasData = true;
    data.append(from, value, end - value);
  }

  private void dispatch() {
    if (data.length > 0) {
      reader.event(data.octets, 0, data.length);
    }
    hasData = false;
    data.clear();
  }

  private static int afterByteOrderMark(byte[] from, int start, int end) {
    var marked =
        end - start >= 3
            && from[start] == (byte) 0xEF
            && from[start + 1] == (byte) 0xBB
            && from[start + 2] == (byte) 0xBF;
    return marked ? start + 3 : start;
  }

  private static int indexOf(byte octet, byte[] in, int start, int end) {
    for (var at = start; at < end; at++) {
      if (in[at] == octet) {
        return at;
      }
    }
    return end;
  }

  /** A growing array that refuses to grow for ever. */
  private static final class Bytes {
    private final int limit;
    private byte[] octets = new byte[512];
    private int length;

    Bytes(int limit) {
      this.limit = limit;
    }

    void append(byte octet) {
      reserve(1);
      octets[length++] = octet;
    }

    void append(byte[] from, int offset, int count) {
      reserve(count);
      System.arraycopy(from, offset, octets, length, count);
      length += count;
    }

    void clear() {
      length = 0;
    }

    private void reserve(int more) {
      var needed = length + more;
      if (needed > limit) {
        throw new ModelFailure(
            ModelFailure.Kind.MALFORMED,
            "an event of the model's answer exceeds " + limit + " bytes");
      }
      if (needed > octets.length) {
        octets = Arrays.copyOf(octets, Math.max(needed, Math.min(limit, octets.length * 2)));
      }
    }
  }
}
