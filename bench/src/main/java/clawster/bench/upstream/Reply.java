package clawster.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a connection does about a request. */
sealed interface Reply {

  record Whole(Duration after, int status, String headers, byte[] body) implements Reply {

    static Whole json(int status, byte[] body) {
      return new Whole(Duration.ZERO, status, "", body);
    }

    byte[] head() {
      return ("HTTP/1.1 "
              + status
              + " -\r\ncontent-type: application/json\r\ncontent-length: "
              + body.length
              + "\r\n"
              + headers
              + "\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  record Stream(Frames frames, Script script) implements Reply {}

  /** Takes the request and never answers. */
  record Silence() implements Reply {}

  /** Closes the connection instead of answering. */
  record Cut(Duration after) implements Reply {}
}
