package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests of which a proxy and we could think differently where they end. What is not plain is
 * refused, and the connection closed with whatever follows.
 */
@ExtendWith(OnePlace.class)
@Timeout(60)
final class SmugglingTest {

  /** What must never be answered. */
  private static final String HIDDEN = "GET /health?hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private final Caller caller;

  SmugglingTest(Place place) {
    this.caller = place.caller();
  }

  /** All that comes until the connection is closed. */
  private String answers(String request) throws IOException {
    try (var socket = new Socket(caller.base().getHost(), caller.base().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var read = new java.io.ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(read);
      } catch (SocketException e) {
        // reset, since there was more to read; what came before counts
      }
      return read.toString(StandardCharsets.UTF_8);
    }
  }

  /** To a route that answers once it has read its body; {@code _} stands for an end of line. */
  private static String patch(String headers, String body) {
    return "PATCH /v1/sessions/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + Place.TOKEN
        + "\r\nContent-Type: application/json\r\n"
        + headers.replace("_", "\r\n")
        + "\r\n\r\n"
        + body.replace("_", "\r\n")
        + HIDDEN;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Length: 4_Transfer-Encoding: chunked                | 0__
          Transfer-Encoding: chunked_Content-Length: 4                | 0__
          Content-Length: 0_Content-Length: 5                         | ''
          Content-Length: 5_Content-Length: 0                         | ''
          Content-Length: 0, 5                                        | ''
          Content-Length: +0                                          | ''
          Content-Length: -1                                          | ''
          Content-Length: 0x0                                         | ''
          Content-Length: 99999999999999999999                        | ''
          Content-Length : 0                                          | ''
          Transfer-Encoding : chunked                                 | 0__
          Transfer-Encoding: xchunked                                 | 0__
          Transfer-Encoding: chunked, identity                        | 0__
          Transfer-Encoding: gzip, chunked                            | 0__
          Transfer-Encoding: chunked_Transfer-Encoding: chunked       | 0__
          Transfer-Encoding: chunked_Transfer-Encoding: identity      | 0__
          Transfer-Encoding: chunked                                  | FFFFFFFFFFFFFFFFF_x_0__
          Transfer-Encoding: chunked                                  | -1_x_0__
          Transfer-Encoding: chunked                                  | 0x1_x_0__
          Transfer-Encoding: chunked                                  | 1_xx_0__
          Transfer-Encoding: chunked                                  | _0__
          """)
  void whatIsNotPlainIsRefusedAndNothingBehindItIsHeard(String headers, String body)
      throws IOException {
    var said = answers(patch(headers, body));
    var all = ANSWER.matcher(said).results().map(r -> r.group(1)).toList();
    assertEquals(1, all.size(), said);
    assertTrue(all.getFirst().matches("4..|501"), said);
  }

  /** What one reads as one request, all do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Length: 0                 | ''
          Content-Length: 2                 | {}
          Transfer-Encoding: chunked        | 2_{}_0__
          Transfer-Encoding: Chunked        | 2;name=value_{}_0_X-Trailer: value__
          """)
  void whatIsPlainIsFollowedByTheNext(String headers, String body) throws IOException {
    var last = HIDDEN.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    var said = answers(patch(headers, body).replace(HIDDEN, last));
    assertEquals(2, ANSWER.matcher(said).results().count(), said);
  }

  @Test
  void headersAreBounded() throws IOException {
    var many = new StringBuilder();
    for (int i = 0; i < 101; i++) {
      many.append("X-H").append(i).append(": 1\r\n");
    }
    for (var lines :
        new String[] {
          "GET /health HTTP/1.1\r\nHost: localhost\r\n" + many,
          "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(9_000) + "\r\n",
          "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "x".repeat(9_000) + ": 1\r\n"
        }) {
      var said = answers(lines + "\r\n");
      assertTrue(said.startsWith("HTTP/1.1 431") || said.startsWith("HTTP/1.1 400"), said);
    }
    var said = answers("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertTrue(said.startsWith("HTTP/1.1 414"), said);
  }

  /** R1: nobody waits for a gibibyte that was only announced. */
  @Test
  void aBodyThatIsAnnouncedAsHugeIsRefusedBeforeItComes() throws IOException {
    var said =
        answers(
            "PATCH /v1/sessions/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + Place.TOKEN
                + "\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{");
    assertTrue(said.startsWith("HTTP/1.1 413"), said);
  }
}
