package clawster.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Reads one HTTP response and hands its body on, piece by piece. */
final class ResponseReader {

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");
  private static final int MAX_HEAD = 64 * 1024;

  private enum Part {
    HEAD,
    BODY,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  private final Call call;
  private final TokenScanner scanner;
  private Part part = Part.HEAD;
  private byte[] head = new byte[512];
  private int headLength;
  private int status;
  private long left;
  private int trailerLine;
  private boolean inExtension;

  ResponseReader(Call call) {
    this.call = call;
    this.scanner = new TokenScanner(call);
  }

  boolean isDone() {
    return part == Part.DONE;
  }

  void read(byte[] bytes, int length, long nanos) {
    var at = 0;
    while (at < length && part != Part.DONE) {
      switch (part) {
        case HEAD -> head(bytes[at++]);
        case BODY, CHUNK, UNTIL_CLOSE -> at = body(bytes, at, length, nanos);
        case CHUNK_SIZE -> chunkSize(bytes[at++]);
        case CHUNK_END -> {
          if (bytes[at++] == '\n') {
            part = Part.CHUNK_SIZE;
          }
        }
        case TRAILER -> trailer(bytes[at++]);
        case DONE -> throw new AssertionError();
      }
    }
    if (part == Part.DONE) {
      finish(nanos);
    }
  }

  /** The connection was closed: an end for some bodies, a break for others. */
  void closed(long nanos) {
    if (part == Part.UNTIL_CLOSE) {
      finish(nanos);
    } else if (part != Part.DONE) {
      call.ended(-1, nanos);
    }
    part = Part.DONE;
  }

  private void finish(long nanos) {
    scanner.finished();
    call.ended(status, nanos);
  }

  private void head(byte next) {
    if (headLength == head.length) {
      if (headLength == MAX_HEAD) {
        throw new IllegalStateException("a response head of more than " + MAX_HEAD + " bytes");
      }
      head = Arrays.copyOf(head, headLength * 2);
    }
    head[headLength++] = next;
    if (next != '\n' || headLength < 4 || head[headLength - 3] != '\n') {
      return;
    }
    var text = new String(head, 0, headLength, StandardCharsets.ISO_8859_1);
    status = Integer.parseInt(text.substring(9, 12));
    var length = LENGTH.matcher(text);
    if (CHUNKED.matcher(text).find()) {
      part = Part.CHUNK_SIZE;
    } else if (length.find()) {
      left = Long.parseLong(length.group(1));
      part = left == 0 ? Part.DONE : Part.BODY;
    } else {
      part = Part.UNTIL_CLOSE;
    }
  }

  private int body(byte[] bytes, int at, int length, long nanos) {
    if (part == Part.UNTIL_CLOSE) {
      scanner.scan(bytes, at, length, nanos);
      return length;
    }
    var until = (int) Math.min(length, at + left);
    scanner.scan(bytes, at, until, nanos);
    left -= until - at;
    if (left == 0) {
      part = part == Part.CHUNK ? Part.CHUNK_END : Part.DONE;
    }
    return until;
  }

  private void chunkSize(byte next) {
    if (next == '\n') {
      inExtension = false;
      part = left == 0 ? Part.TRAILER : Part.CHUNK;
      trailerLine = 0;
    } else if (next == ';') {
      inExtension = true;
    } else if (!inExtension && next != '\r') {
      left = left * 16 + Character.digit(next, 16);
    }
  }

  private void trailer(byte next) {
    if (next == '\n') {
      if (trailerLine == 0) {
        part = Part.DONE;
      }
      trailerLine = 0;
    } else if (next != '\r') {
      trailerLine++;
    }
  }
}
