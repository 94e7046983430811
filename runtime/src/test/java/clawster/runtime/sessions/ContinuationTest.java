package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelCapabilities;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelRequest;
import clawster.runtime.models.ToolSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ContinuationTest {

  private static final ModelMessage QUESTION = ModelMessage.text(Role.USER, "Greet me.");
  private static final ModelCapabilities PREFIX = new ModelCapabilities(true);
  private static final ModelCapabilities NO_PREFIX = new ModelCapabilities(false);
  private static final Map<String, Object> PLAIN =
      Map.of("response_format", Map.of("type", "text"));
  private static final Map<String, Object> JSON =
      Map.of("response_format", Map.of("type", "json_object"));
  private static final Map<String, Object> SCHEMA =
      Map.of("response_format", Map.of("type", "json_schema", "json_schema", Map.of()));

  @Test
  void howItGoesOnDependsOnWhatWasSaidAndOnTheModel() {
    assertEquals(Continuation.AFRESH, how("", Map.of(), PREFIX));
    assertEquals(Continuation.AFRESH, how("", JSON, NO_PREFIX));
    assertEquals(Continuation.AFRESH, how("\n \u00a0", Map.of(), PREFIX));
    assertEquals(Continuation.AFRESH, how("\n", JSON, PREFIX));
    assertEquals(Continuation.PREFIX, how("Hel", Map.of(), PREFIX));
    assertEquals(Continuation.PREFIX, how("Hel", PLAIN, PREFIX));
    assertEquals(Continuation.ASK, how("Hel", Map.of(), NO_PREFIX));
    assertEquals(Continuation.REGENERATE, how("{\"a\":", JSON, PREFIX));
    assertEquals(Continuation.REGENERATE, how("{\"a\":", SCHEMA, NO_PREFIX));
  }

  @Test
  void afreshAndRegeneratedTheRequestIsTheSame() {
    assertEquals(request(Map.of()), Continuation.AFRESH.apply(request(Map.of()), "\n"));
    assertEquals(request(JSON), Continuation.REGENERATE.apply(request(JSON), "{\"a\":"));
  }

  @Test
  void aPrefixEndsInAWord() {
    for (var space : List.of("", " ", "\n\n", " \t\u00a0\u2028")) {
      assertEquals(
          List.of(QUESTION, ModelMessage.text(Role.ASSISTANT, " Hello\n there")),
          Continuation.PREFIX.apply(request(Map.of()), " Hello\n there" + space).messages());
      assertEquals(space, Continuation.PREFIX.repeats(" Hello\n there" + space));
    }
  }

  @Test
  void whoeverIsAskedSeesAllThatWasSaidAndThenAUsersMessage() {
    var messages = Continuation.ASK.apply(request(Map.of()), "Hello ").messages();
    assertEquals(
        List.of(QUESTION, ModelMessage.text(Role.ASSISTANT, "Hello ")), messages.subList(0, 2));
    assertEquals(3, messages.size());
    assertEquals(Role.USER, messages.getLast().role());
    assertEquals("", Continuation.ASK.repeats("Hello "));
  }

  @Test
  void modelToolsAndOptionsStay() {
    var before = request(PLAIN);
    for (var how : Continuation.values()) {
      var after = how.apply(before, "Hel");
      assertTrue(after.messages().containsAll(before.messages()), how::name);
      assertEquals(
          before,
          new ModelRequest(after.model(), before.messages(), after.tools(), after.options()),
          how::name);
    }
  }

  private static Continuation how(
      String said, Map<String, Object> options, ModelCapabilities capabilities) {
    return Continuation.of(said, request(options), capabilities);
  }

  private static ModelRequest request(Map<String, Object> options) {
    return new ModelRequest(
        "words", List.of(QUESTION), List.of(new ToolSpec("datetime", "Tells.", "{}")), options);
  }
}
