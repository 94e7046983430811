package clawster.bench.upstream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Cuts requests out of the bytes of one connection: a length or chunks, nothing exotic. */
final class RequestReader {

  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private byte[] bytes = new byte[2048];
  private int end;

  void add(ByteBuffer more) {
    if (end + more.remaining() > MAX_BYTES) {
      throw new IllegalStateException("a request of more than " + MAX_BYTES + " bytes");
    }
    if (bytes.length - end < more.remaining()) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more.remaining()));
    }
    var length = more.remaining();
    more.get(bytes, end, length);
    end += length;
  }

  /** The next complete request, if there is one; it is then forgotten here. */
  Optional<Request> next() {
    var headEnd = indexOf("\r\n\r\n", 0);
    if (headEnd < 0) {
      return Optional.empty();
    }
    var lines = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1).split("\r\n");
    var headers = headers(lines);
    var bodyStart = headEnd + 4;
    var body =
        headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")
            ? chunks(bodyStart)
            : fixed(bodyStart, Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return body.map(
        found -> {
          forget(found.end());
          var words = lines[0].split(" ");
          return new Request(words[0], words[1], headers, found.bytes());
        });
  }

  private record Body(byte[] bytes, int end) {}

  private static Map<String, String> headers(String[] lines) {
    var headers = new HashMap<String, String>();
    for (var index = 1; index < lines.length; index++) {
      var colon = lines[index].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[index].substring(0, colon).toLowerCase(),
            lines[index].substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private Optional<Body> fixed(int start, int length) {
    return end - start < length
        ? Optional.empty()
        : Optional.of(new Body(Arrays.copyOfRange(bytes, start, start + length), start + length));
  }

  private Optional<Body> chunks(int start) {
    var body = new ByteArrayOutputStream();
    var at = start;
    while (true) {
      var lineEnd = indexOf("\r\n", at);
      if (lineEnd < 0) {
        return Optional.empty();
      }
      var size =
          new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1).split(";")[0].strip();
      var length = Integer.parseInt(size, 16);
      var after = lineEnd + 2 + length + 2;
      if (after > end) {
        return Optional.empty();
      }
      if (length == 0) {
        return Optional.of(new Body(body.toByteArray(), after));
      }
      body.write(bytes, lineEnd + 2, length);
      at = after;
    }
  }

  private int indexOf(String wanted, int from) {
    for (var at = from; at <= end - wanted.length(); at++) {
      var matched = 0;
      while (matched < wanted.length() && bytes[at + matched] == wanted.charAt(matched)) {
        matched++;
      }
      if (matched == wanted.length()) {
        return at;
      }
    }
    return -1;
  }

  private void forget(int upTo) {
    System.arraycopy(bytes, upTo, bytes, 0, end - upTo);
    end -= upTo;
  }
}
