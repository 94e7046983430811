package clawster.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseReaderTest {

  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void tokensAreFoundHoweverTheBytesAreCut(int step) {
    var response =
        CHUNKED
            + "1b\r\ndata: {\"content\":\"t0 t1 \"}\n\r\n"
            + "c;x=y\r\n{\"content\": \r\n"
            + "4\r\n\"t2\"\r\n"
            + "0\r\nTrailer: x\r\n\r\n";
    var call = new Call(new byte[0], 3);
    var reader = new ResponseReader(call);
    var bytes = response.getBytes(StandardCharsets.US_ASCII);
    for (var at = 0; at < bytes.length; at += step) {
      var piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
      reader.read(piece, piece.length, at);
    }
    assertTrue(reader.isDone());
    assertTrue(call.isComplete(), call.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "t0 t1 t2,true",
    "t0 t2 t1,false",
    "t0 t1 t1,false",
    "t0 t1,false",
    "t0 t1 t2 t3,false",
    "t1 t2 t3,false"
  })
  void lostAndRepeatedTokensAreNoticed(String answer, boolean complete) {
    assertEquals(complete, read(200, answer).isComplete());
  }

  @Test
  void whatIsNotContentIsNotCounted() {
    var call = new Call(new byte[0], 1);
    var body = "{\"title\":\"t7 t8\",\"content\":null,\"x\":{\"content\":\"t0\"},\"then\":\"t9\"}";
    var response = "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    new ResponseReader(call)
        .read(response.getBytes(StandardCharsets.US_ASCII), response.length(), 0);
    assertTrue(call.isComplete(), call.toString());
  }

  @Test
  void anErrorIsNotComplete() {
    assertFalse(read(503, "t0 t1 t2").isComplete());
  }

  @Test
  void aConnectionClosedInTheMiddleIsNotComplete() {
    var call = new Call(new byte[0], 1);
    var reader = new ResponseReader(call);
    var start = (CHUNKED + "20\r\n{\"content\":\"t0").getBytes(StandardCharsets.US_ASCII);
    reader.read(start, start.length, 0);
    reader.closed(1);
    assertTrue(reader.isDone());
    assertFalse(call.isComplete());
  }

  private static Call read(int status, String answer) {
    var call = new Call(new byte[0], 3);
    var body = "{\"content\":\"" + answer + "\"}";
    var response =
        "HTTP/1.1 " + status + " x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    new ResponseReader(call)
        .read(response.getBytes(StandardCharsets.US_ASCII), response.length(), 0);
    return call;
  }
}
