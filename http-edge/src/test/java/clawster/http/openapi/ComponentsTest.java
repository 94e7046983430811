package clawster.http.openapi;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.anything;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.number;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.http.contract.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas as OpenAPI 3.0.3 has them. */
final class ComponentsTest {

  private static final Schema POINT = named("Point", object(field("x", number())));

  static List<Arguments> schemas() {
    return List.of(
        Arguments.of(text(), "{'type':'string'}"),
        Arguments.of(text(1, 9), "{'type':'string','minLength':1,'maxLength':9}"),
        Arguments.of(words("a", "b"), "{'type':'string','enum':['a','b']}"),
        Arguments.of(formed("a|b", "a"), "{'type':'string','pattern':'^(?:a|b)$','example':'a'}"),
        Arguments.of(time(), "{'type':'string','format':'date-time'}"),
        Arguments.of(whole(), "{'type':'integer','format':'int64'}"),
        Arguments.of(count(), "{'type':'integer','format':'int64','minimum':0}"),
        Arguments.of(whole(1, 2), "{'type':'integer','format':'int64','minimum':1,'maximum':2}"),
        Arguments.of(flag(), "{'type':'boolean'}"),
        Arguments.of(
            listOf(flag(), 1, 2),
            "{'type':'array','items':{'type':'boolean'},'minItems':1,'maxItems':2}"),
        Arguments.of(
            tableOf(flag()), "{'type':'object','additionalProperties':{'type':'boolean'}}"),
        Arguments.of(either(flag(), text()), "{'anyOf':[{'type':'boolean'},{'type':'string'}]}"),
        Arguments.of(orNull(text()), "{'type':'string','nullable':true}"),
        Arguments.of(orNull(words("a")), "{'type':'string','enum':['a',null],'nullable':true}"),
        Arguments.of(anything(), "{}"),
        Arguments.of(POINT, "{'$ref':'#/components/schemas/Point'}"),
        Arguments.of(
            orNull(POINT), "{'allOf':[{'$ref':'#/components/schemas/Point'}],'nullable':true}"),
        Arguments.of(
            object(field("a", text(), "It"), optional("b", POINT, "At"), optional("c", POINT)),
            "{'type':'object','required':['a'],'properties':{"
                + "'a':{'type':'string','description':'It'},"
                + "'b':{'allOf':[{'$ref':'#/components/schemas/Point'}],'description':'At'},"
                + "'c':{'$ref':'#/components/schemas/Point'}}}"));
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void aSchemaIsWritten(Schema schema, String written) {
    assertEquals(written, new Components().of(schema).toString().replace('"', '\''));
  }

  @Test
  void whatHasANameIsWrittenOnce() {
    var components = new Components();
    components.of(listOf(POINT));
    components.of(POINT);
    assertEquals(
        "{\"Point\":{\"type\":\"object\",\"required\":[\"x\"],"
            + "\"properties\":{\"x\":{\"type\":\"number\"}}}}",
        components.schemas().toString());
  }

  @Test
  void aNameStandsForOneThing() {
    var components = new Components();
    components.of(POINT);
    assertThrows(IllegalStateException.class, () -> components.of(named("Point", text())));
  }
}
