package clawster.http.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import clawster.http.kernel.Language;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameTest {

  private static Frame read(String text) {
    return Frame.read(ByteString.fromString(text));
  }

  /** The seed's document has numbers, GoClaw's program texts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'req','id':1,'method':'connect','params':{'token':'t'}} | 1",
        "{'type':'req','id':'a-1','method':'health'} | \"a-1\"",
        "{'type':'req','id':-9007199254740993,'method':'x','more':[1]} | -9007199254740993",
        "{'type':'req','id':'a','method':'x','params':null} | \"a\"",
      })
  void idsComeBackAsTheyCame(String text, String id) {
    var request = assertInstanceOf(Frame.Request.class, read(text.replace('\'', '"')));
    assertEquals(
        "{\"type\":\"res\",\"id\":" + id + ",\"ok\":true,\"payload\":{}}",
        Frame.response(request.id(), JsonNodeFactory.instance.objectNode()).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no | request.json | \"\"",
        "[] | request.json | \"\"",
        "{'type':'req','id':'a','id':'b','method':'x'} | request.json | \"\"",
        "{'id':'a','method':'x'} | socket.type | \"a\"",
        "{'type':'event','id':'a','method':'x'} | socket.type | \"a\"",
        "{'type':1,'id':'a','method':'x'} | request.field | \"a\"",
        "{'type':'req','method':'x'} | socket.id | \"\"",
        "{'type':'req','id':'','method':'x'} | socket.id | \"\"",
        "{'type':'req','id':1.5,'method':'x'} | socket.id | \"\"",
        "{'type':'req','id':{},'method':'x'} | socket.id | \"\"",
        "{'type':'req','id':'a'} | socket.method | \"a\"",
        "{'type':'req','id':'a','method':7} | request.field | \"a\"",
        "{'type':'req','id':'a','method':'x','params':[]} | request.field | \"a\"",
      })
  void whatIsNoRequestIsRefusedUnderItsId(String text, String code, String id) {
    var broken = assertInstanceOf(Frame.Broken.class, read(text.replace('\'', '"')));
    assertEquals(code, broken.problem().code());
    assertEquals(id, broken.id().toString());
  }

  @Test
  void namesAreNoLongerThanNames() {
    var id = "{\"type\":\"req\",\"id\":\"%s\",\"method\":\"x\"}";
    assertInstanceOf(Frame.Request.class, read(id.formatted("i".repeat(255))));
    assertInstanceOf(Frame.Broken.class, read(id.formatted("i".repeat(256))));
    var method = "{\"type\":\"req\",\"id\":\"i\",\"method\":\"%s\"}";
    assertInstanceOf(Frame.Request.class, read(method.formatted("m".repeat(255))));
    assertInstanceOf(Frame.Broken.class, read(method.formatted("m".repeat(256))));
  }

  @Test
  void aRefusalSaysItsCodeAndWhenToComeBack() {
    var busy = Problem.of(Kind.BUSY, "pairing.too_often").retryAfter(Duration.ofSeconds(60));
    assertEquals(
        "{\"type\":\"res\",\"id\":\"\",\"ok\":false,\"error\":{\"code\":\"RESOURCE_EXHAUSTED\","
            + "\"message\":\"You ask too often; try again in a minute.\","
            + "\"details\":{\"code\":\"pairing.too_often\"},"
            + "\"retryable\":true,\"retryAfterMs\":60000}}",
        Frame.refusal(Frame.NO_ID, busy, Language.EN).toString());
    var error = Frame.refusal(Frame.NO_ID, IdentityProblems.UNAUTHORIZED, Language.VI).get("error");
    assertEquals("UNAUTHORIZED", error.get("code").asText());
    assertEquals(false, error.has("retryable"));
  }
}
