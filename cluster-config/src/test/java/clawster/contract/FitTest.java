package clawster.contract;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.anything;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.number;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.contract.Schema;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What judges answers, judged; and that samples are what they say. */
final class FitTest {

  private static final Schema THING =
      object(
          field("id", whole(1, 9)),
          field("name", text(1, 3)),
          optional("tags", listOf(words("a", "b"), 0, 2)));

  static List<Arguments> cases() {
    return List.of(
        Arguments.of(text(), "\"\"", "5"),
        Arguments.of(text(1, 2), "\"ab\"", "\"abc\""),
        Arguments.of(text(1, 2), "\"a\"", "\"\""),
        Arguments.of(words("x", "y"), "\"y\"", "\"z\""),
        Arguments.of(formed("a+", "a"), "\"aa\"", "\"ab\""),
        Arguments.of(time(), "\"2026-01-02T03:04:05.6Z\"", "\"yesterday\""),
        Arguments.of(uuid(), "\"018f6b3e-0000-7000-8000-000000000000\"", "\"1-1-1-1-1\""),
        Arguments.of(whole(0, 9), "9", "10"),
        Arguments.of(whole(0, 9), "9.0", "9.5"),
        Arguments.of(number(), "-1.5", "\"1\""),
        Arguments.of(flag(), "false", "0"),
        Arguments.of(listOf(flag(), 1, 2), "[true]", "[]"),
        Arguments.of(listOf(flag(), 1, 2), "[true,false]", "[true,1]"),
        Arguments.of(listOf(flag(), 1, 2), "[true,true]", "[true,true,true]"),
        Arguments.of(tableOf(flag()), "{\"x\":true}", "{\"x\":1}"),
        Arguments.of(either(flag(), text()), "\"x\"", "1"),
        Arguments.of(orNull(flag()), "null", "1"),
        Arguments.of(THING, "{\"id\":1,\"name\":\"a\"}", "{\"id\":1}"),
        Arguments.of(THING, "{\"id\":1,\"name\":\"a\",\"tags\":[\"a\"]}", "[]"),
        Arguments.of(
            THING, "{\"id\":1,\"name\":\"a\"}", "{\"id\":1,\"name\":\"a\",\"tags\":[\"c\"]}"),
        Arguments.of(THING, "{\"id\":1,\"name\":\"a\"}", "{\"id\":1,\"name\":\"a\",\"tags\":null}"),
        Arguments.of(THING, "{\"id\":1,\"name\":\"a\"}", "{\"id\":1,\"name\":\"a\",\"other\":1}"));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneFitsAndTheOtherDoesNot(Schema schema, String good, String bad) {
    assertEquals(List.of(), Fit.OF_ANSWERS.flaws(schema, json(good)));
    assertFalse(Fit.OF_ANSWERS.fits(schema, json(bad)));
  }

  @Test
  void aRequestMayHaveOtherFieldsAndNullForNothing() {
    var strange = json("{\"id\":1,\"name\":\"a\",\"other\":1,\"tags\":null}");
    assertTrue(Fit.OF_REQUESTS.fits(THING, strange));
    assertFalse(Fit.OF_REQUESTS.fits(THING, json("{\"id\":null,\"name\":\"a\"}")));
  }

  @Test
  void aFlawNamesItsPlace() {
    var flaws = Fit.OF_ANSWERS.flaws(THING, json("{\"id\":0,\"name\":\"a\",\"tags\":[\"a\",1]}"));
    assertEquals(List.of("$.id: 0", "$.tags[1]: 1"), flaws);
  }

  @Test
  void samplesAreWhatTheySay() {
    var samples = new Samples(new Random(1));
    var schema = object(field("thing", THING), optional("more", either(text(0, 5), anything())));
    for (int i = 0; i < 50; i++) {
      var good = samples.fitting(schema);
      assertEquals(List.of(), Fit.OF_REQUESTS.flaws(schema, good));
      assertTrue(samples.bounds(schema, good).allMatch(one -> Fit.OF_REQUESTS.fits(schema, one)));
      assertTrue(samples.broken(schema, good).noneMatch(one -> Fit.OF_REQUESTS.fits(schema, one)));
    }
    var broken =
        samples
            .broken(schema, json("{\"thing\":{\"id\":5,\"name\":\"a\"}}"))
            .map(JsonNode::toString)
            .toList();
    assertTrue(broken.contains("{\"thing\":{\"id\":10,\"name\":\"a\"}}"), broken.toString());
    assertTrue(broken.contains("{\"thing\":{\"id\":5}}"), broken.toString());
    assertTrue(broken.contains("{}"), broken.toString());
  }
}
