package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

final class SseTest {

  @Test
  void eventsAreNeitherStoredNorBufferedOnTheWay() {
    var response = Sse.response(Source.empty());
    assertEquals("text/event-stream", response.entity().getContentType().mediaType().toString());
    assertTrue(response.entity().isChunked());
    assertEquals("no-cache", response.getHeader("Cache-Control").map(HttpHeader::value).orElse(""));
    assertEquals("no", response.getHeader("X-Accel-Buffering").map(HttpHeader::value).orElse(""));
  }
}
