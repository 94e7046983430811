package clawster.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ServerSentEventsTest {

  private final List<String> events = new ArrayList<>();
  private final ServerSentEvents decoder = decoder(events);

  @Test
  void anyOfTheThreeLineEndsWillDo() {
    feed("data: a\n\ndata: b\r\n\r\ndata: c\r\r");
    assertEquals(List.of("a", "b", "c"), events);
  }

  @Test
  void twoEventsInOneBufferAreTwoEvents() {
    feed("data: a\n\ndata: b\n\n");
    assertEquals(List.of("a", "b"), events);
  }

  @Test
  void aByteOrderMarkIsSkippedOnlyAtTheBeginning() {
    feed("\uFEFFdata: a\n\ndata: \uFEFFb\n\n");
    assertEquals(List.of("a", "\uFEFFb"), events);
  }

  @Test
  void commentsAndOtherFieldsSayNothing() {
    feed(": hello\nevent: x\nid: 1\nretry: 5\ndata: a\n:\ndatax: b\n\n: b\n\n");
    assertEquals(List.of("a"), events);
  }

  @Test
  void dataLinesOfOneEventAreJoined() {
    feed("data: a\ndata:b\ndata\ndata:  c\n\n");
    assertEquals(List.of("a\nb\n\n c"), events);
  }

  @Test
  void anEventWithoutDataIsNone() {
    feed("data:\n\ndata\n\nevent: x\n\n");
    assertEquals(List.of(), events);
  }

  @Test
  void anEventCutBeforeItsEmptyLineIsNone() {
    feed("data: a\n\ndata: b\n");
    assertEquals(List.of("a"), events);
  }

  @Test
  void aCharacterSplitBetweenBuffersIsWhole() {
    for (var octet : "data: ✅ größer 🚀\n\n".getBytes(StandardCharsets.UTF_8)) {
      decoder.feed(ByteBuffer.wrap(new byte[] {octet}));
    }
    assertEquals(List.of("✅ größer 🚀"), events);
  }

  @Test
  void anEndlessLineIsRefusedAtTheLimit() {
    var piece = ByteBuffer.allocate(64 << 10);
    var fed = new int[1];
    var failure =
        assertThrows(
            ModelFailure.class,
            () -> {
              for (; fed[0] < 10 << 20; fed[0] += piece.capacity()) {
                decoder.feed(piece.clear());
              }
            });
    assertEquals(ModelFailure.Kind.MALFORMED, failure.kind());
    assertEquals(ServerSentEvents.MAX_EVENT_BYTES, fed[0], 64 << 10);
  }

  @Test
  void manyLinesOfOneEventAreRefusedAtTheLimit() {
    var small = new ServerSentEvents((_, _, _) -> {}, 100);
    for (var line = 0; line < 50; line++) {
      small.feed(ByteBuffer.wrap("data:x\n".getBytes(StandardCharsets.UTF_8)));
    }
    var bytes = "data:0123456789\n".getBytes(StandardCharsets.UTF_8);
    var failure = assertThrows(ModelFailure.class, () -> small.feed(ByteBuffer.wrap(bytes)));
    assertEquals(ModelFailure.Kind.MALFORMED, failure.kind());
  }

  @Test
  void howTheBytesWereCutMakesNoDifference() {
    for (var seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var bytes = someText(random).getBytes(StandardCharsets.UTF_8);
      var whole = new ArrayList<String>();
      decoder(whole).feed(ByteBuffer.wrap(bytes));

      var inPieces = new ArrayList<String>();
      var decoder = decoder(inPieces);
      for (var at = 0; at < bytes.length; ) {
        var length = Math.min(bytes.length - at, random.nextInt(5));
        decoder.feed(ByteBuffer.wrap(bytes, at, length).asReadOnlyBuffer());
        at += length;
      }
      assertEquals(whole, inPieces, "seed " + seed);
    }
  }

  private static String someText(Random random) {
    var alphabet =
        List.of(
            "data: ",
            "data:",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            ":",
            "event: x",
            Character.toString(random.nextInt('a', '\u30ff')),
            "🚀",
            "\uFEFF",
            "data: {\"a\":\"ö\"}\n\n");
    var text = new StringBuilder();
    for (var pieces = random.nextInt(31); pieces > 0; pieces--) {
      text.append(alphabet.get(random.nextInt(alphabet.size())));
    }
    return text.toString();
  }

  private static ServerSentEvents decoder(List<String> events) {
    return new ServerSentEvents(
        (data, offset, length) ->
            events.add(new String(data, offset, length, StandardCharsets.UTF_8)));
  }

  private void feed(String text) {
    decoder.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
