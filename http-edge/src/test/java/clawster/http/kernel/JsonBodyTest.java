package clawster.http.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonBodyTest {

  private static JsonBody body(String json) {
    return JsonBody.object(ByteString.fromString(json));
  }

  private static String nested(int depth) {
    return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "null",
        "1",
        "\"text\"",
        "[]",
        "{",
        "{}}",
        "{}{}",
        "{} x",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
        "// comment\n{}"
      })
  void whatIsNoJsonObjectIsRefused(String json) {
    var bad = assertThrows(BadRequest.class, () -> body(json));
    assertEquals("request.json", bad.problem().code());
  }

  /** Each could cost far more than it weighs. */
  @Test
  void whatHoldsTooMuchIsRefused() {
    for (var json :
        List.of(
            "{\"a\":[" + "[],".repeat(300_000) + "0]}",
            "{\"a\":[" + "0,".repeat(600_000) + "0]}",
            IntStream.range(0, 300_000)
                .mapToObj(i -> "\"" + i + "\":0")
                .collect(Collectors.joining(",", "{", "}")),
            "{\"a\":" + "9".repeat(101) + "}",
            "{\"a\":0." + "9".repeat(10_000_000) + "}",
            "{\"" + "a".repeat(60_000) + "\":0}")) {
      var bad = assertThrows(BadRequest.class, () -> body(json));
      assertEquals("request.json", bad.problem().code());
    }
  }

  @Test
  void aLongConversationIsNotTooMuch() {
    var message = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}";
    var json = "{\"messages\":[" + (message + ",").repeat(30_000) + message + "]}";
    assertEquals(30_001, body(json).children("messages").size());
  }

  @Test
  void brokenUtf8IsRefused() {
    var bytes = ByteString.fromArray(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
    var bad = assertThrows(BadRequest.class, () -> JsonBody.object(bytes));
    assertEquals("request.json", bad.problem().code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \\ud800        | ?
          \\udc00        | ?
          a\\ud83d       | a?
          \\ud83dx       | ?x
          \\ud83d\\ud83d\\ude00 | ?\uD83D\uDE00
          \\ude00\\ud83d | ??
          \\ud83d\\ude00 | \uD83D\uDE00
          """)
  void halvesOfPairsAreReplaced(String written, String read) {
    var whole = read.replace('?', '\uFFFD');
    var body = body("{\"t\":\"%1$s\",\"o\":[\"%1$s\"]}".formatted(written));
    assertEquals(whole, body.required("t"));
    assertEquals(whole, body.raw("o").orElseThrow().get(0).asText());
  }

  @Test
  void aNameWithHalfAPairIsRefused() {
    var bad = assertThrows(BadRequest.class, () -> body("{\"a\\ud800b\":1}"));
    assertEquals("request.json", bad.problem().code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\":01}", "{\"a\":1,\"a\":1}", "{'a':1}", "{\"a\":tru}"})
  void aRefusalDoesNotQuoteTheParser(String json) {
    var said =
        Sentences.of(assertThrows(BadRequest.class, () -> body(json)).problem(), Language.EN);
    assertTrue(
        said.matches("The body is not valid JSON: (line 1, column \\d+|a key is there twice)"),
        said);
  }

  @Test
  void depth64IsReadAndDepth65IsNot() {
    assertTrue(body(nested(64)).has("a"));
    assertThrows(BadRequest.class, () -> body(nested(65)));
    assertThrows(BadRequest.class, () -> body(nested(1_000_000)));
  }

  @Test
  void unknownFieldsAndNullsAreAsIfAbsent() {
    var body = body("{\"known\":null,\"unknown\":{\"x\":1}}");
    assertFalse(body.has("known"));
    assertTrue(body.text("known").isEmpty());
    assertTrue(body.children("known").isEmpty());
    assertTrue(body.child("absent").isEmpty());
  }

  @Test
  void fieldsAreReadByType() {
    var body = body("{\"t\":\"é\",\"f\":true,\"n\":1.5,\"o\":{\"x\":\"y\"},\"a\":[{},{}]}");
    assertEquals("é", body.required("t"));
    assertEquals(true, body.flag("f").orElseThrow());
    assertEquals(new BigDecimal("1.5"), body.number("n").orElseThrow());
    assertEquals("y", body.child("o").orElseThrow().required("x"));
    assertEquals(2, body.children("a").size());
  }

  private static final Map<String, Consumer<JsonBody>> READERS =
      Map.of(
          "text", body -> body.text("x"),
          "line", body -> body.line("x"),
          "required", body -> body.required("x"),
          "flag", body -> body.flag("x"),
          "number", body -> body.number("x"),
          "child", body -> body.child("x"),
          "children", body -> body.children("x"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text     | {"x":1}         | x
          text     | {"x":["a"]}     | x
          line     | {"x":1}         | x
          line     | {"x":"a\\u0000"} | x
          line     | {"x":"a\\nb"}  | x
          required | {}              | x
          required | {"x":null}      | x
          required | {"x":true}      | x
          flag     | {"x":"true"}    | x
          flag     | {"x":1}         | x
          number   | {"x":"1"}       | x
          number   | {"x":1e999}     | x
          number   | {"x":-1e999}    | x
          child    | {"x":[]}        | x
          child    | {"x":"{}"}      | x
          children | {"x":{}}        | x
          children | {"x":[{},1]}    | x[1]
          children | {"x":[null]}    | x[0]
          """)
  void aFieldOfTheWrongTypeIsNamed(String reader, String json, String field) {
    var bad = assertThrows(BadRequest.class, () -> READERS.get(reader).accept(body(json)));
    assertEquals("request.field", bad.problem().code());
    assertEquals(field, bad.problem().facts().get("param"));
  }

  @Test
  void aFieldInsideIsNamedWithItsWholePath() {
    var inner = body("{\"a\":[{},{\"b\":{\"c\":1}}]}").children("a").get(1).child("b");
    var bad = assertThrows(BadRequest.class, () -> inner.orElseThrow().text("c"));
    assertEquals("a[1].b.c", bad.problem().facts().get("param"));
  }
}
