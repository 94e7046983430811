package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "{}", " {\"b\":1} "})
  void anObjectOrNothingIsAnObject(String text) {
    assertEquals(Optional.empty(), Arguments.parse(text).orElseThrow().text("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "true",
        "5",
        "\"a\"",
        "{",
        "{\"a\":}",
        "a",
        "{'a':1}",
        "{} {}",
        "{}x"
      })
  void anythingElseIsNot(String text) {
    assertEquals(Optional.empty(), Arguments.parse(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_100, 100_000})
  void nestingWithoutEndIsNotAnObject(int depth) {
    assertTrue(Arguments.parse("{\"a\":".repeat(depth)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":\"text\"} | text",
        "{\"a\":\"\"} | ~~",
        "{\"a\":\"\\u00f8\\n\"} | ~ø\n~",
        "{\"a\":1} |",
        "{\"a\":null} |",
        "{\"a\":[\"text\"]} |",
        "{\"A\":\"text\"} |"
      })
  void aTextIsAText(String arguments, String text) {
    assertEquals(Optional.ofNullable(text), Arguments.parse(arguments).orElseThrow().text("a"));
  }
}
