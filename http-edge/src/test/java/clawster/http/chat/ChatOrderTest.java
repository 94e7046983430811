package clawster.http.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.identity.Principal;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.InputMode;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.SessionCommand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which agent and which session a question is for. */
final class ChatOrderTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Agents AGENTS = Agents.of(List.of(agent("default"), agent("writer")));

  private static Agent agent(String key) {
    return new Agent(key, key, "demo/demo", "");
  }

  private static ChatQuestion question(String model, String user, Role... roles) {
    var messages = List.of(roles).stream().map(r -> ModelMessage.text(r, r.name())).toList();
    return new ChatQuestion(
        model,
        messages,
        false,
        false,
        Optional.ofNullable(user).filter(u -> !u.isEmpty()),
        List.of(),
        Map.of());
  }

  private static SessionCommand.Submit order(ChatQuestion question, Map<String, String> headers) {
    var request = HttpRequest.POST("/v1/chat/completions");
    for (var header : headers.entrySet()) {
      request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
    }
    var call =
        new Call(
            request,
            Principal.GATEWAY,
            Map.of(),
            ByteString.emptyByteString(),
            "r1",
            new CompletableFuture<>());
    return ChatOrder.of(call, question, AGENTS, NOW, RunId.next());
  }

  private static SessionCommand.Submit order(String model, Map<String, String> headers) {
    return order(question(model, "", Role.USER), headers);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          default           , ''      , ''      , default
          writer            , ''      , ''      , writer
          goclaw:writer     , ''      , ''      , writer
          agent:writer      , ''      , ''      , writer
          openclaw          , ''      , ''      , default
          openclaw/default  , ''      , ''      , default
          openclaw/writer   , ''      , ''      , writer
          gpt-5             , writer  , ''      , writer
          gpt-5             , ''      , writer  , writer
          gpt-5             , writer  , default , writer
          default           , writer  , ''      , writer
          goclaw:default    , writer  , ''      , default
          openclaw          , writer  , ''      , default
          gpt-5             , ''      , ''      , -
          gpt-5             , nobody  , writer  , -
          writer            , nobody  , ''      , -
          goclaw:nobody     , writer  , ''      , -
          goclaw:           , writer  , ''      , -
          openclaw/nobody   , ''      , ''      , -
          openclaw/         , ''      , ''      , -
          Default           , ''      , ''      , -
          ''                , ''      , ''      , -
          """)
  void aPrefixGoesBeforeTheHeadersAndThoseBeforeABareKey(
      String model, String agentId, String agent, String answers) {
    var headers = Map.of("X-GoClaw-Agent-Id", agentId, "X-GoClaw-Agent", agent);
    if (answers.equals("-")) {
      var bad = assertThrows(BadRequest.class, () -> order(model, headers));
      assertEquals("model.not_found", bad.problem().code());
    } else {
      assertEquals(answers, order(model, headers).opening().agent());
    }
  }

  @ParameterizedTest
  @CsvSource({"queue, QUEUE", "steer, STEER", "interrupt, INTERRUPT", "reject, REJECT"})
  void aHeaderSaysWhatTheMessagesDoToABusySession(String word, InputMode mode) {
    var order = order("default", Map.of("x-clawster-input-mode", word));
    assertEquals(Optional.of(mode), order.mode());
  }

  @Test
  void withoutThatHeaderItIsTheSessionsToSay() {
    assertEquals(Optional.empty(), order("default", Map.of()).mode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Queue", "STEER", "wait", "queue, steer"})
  void anUnknownModeIsRefusedByName(String word) {
    var headers = Map.of("x-clawster-input-mode", word);
    var bad = assertThrows(BadRequest.class, () -> order("default", headers));
    assertEquals("request.field", bad.problem().code());
    assertEquals("x-clawster-input-mode", bad.problem().facts().get("param"));
    assertEquals("queue, steer, interrupt, reject", bad.problem().facts().get("words"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "goclaw:default", "openclaw"})
  void whoNamesNoSessionGetsAFreshOne(String model) {
    var first = order(model, Map.of());
    var second = order(model, Map.of());
    assertFalse(first.opening().kept());
    assertEquals("agent:default:http-" + first.run(), first.opening().key().value());
    assertNotEquals(first.opening().key(), second.opening().key());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          openclaw        , agent:default:main , ''  , agent:default:main            , default , true
          openclaw        , agent:writer:main  , ''  , agent:writer:main             , writer  , true
          openclaw        , notes              , ''  , notes                         , default , true
          openclaw/writer , notes              , ''  , notes                         , writer  , true
          openclaw        , notes              , ada , notes                         , default , true
          openclaw        , ''                 , ada , agent:default:openai-user:ada , default , true
          openclaw/writer , ''                 , ada , agent:writer:openai-user:ada  , writer  , true
          default         , notes              , ''  , ''                            , default , false
          goclaw:writer   , notes              , ada , ''                            , writer  , false
          """)
  void onlyAnOpenclawModelKeepsASession(
      String model, String header, String user, String key, String agent, boolean kept) {
    var opening =
        order(question(model, user, Role.USER), Map.of("x-openclaw-session-key", header)).opening();
    assertEquals(kept, opening.kept());
    assertEquals(agent, opening.agent());
    if (kept) {
      assertEquals(key, opening.key().value());
    }
  }

  @Test
  void aSessionOfAnAgentThereIsNotIsNotFound() {
    var headers = Map.of("x-openclaw-session-key", "agent:nobody:main");
    var bad = assertThrows(BadRequest.class, () -> order("openclaw", headers));
    assertEquals("model.not_found", bad.problem().code());
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    var header = Map.of("x-openclaw-session-key", "k".repeat(513));
    var bad = assertThrows(BadRequest.class, () -> order("openclaw", header));
    assertEquals("x-openclaw-session-key", bad.problem().facts().get("param"));
  }

  @ParameterizedTest
  @CsvSource({"ada, '', ada", "'', grace, grace", "ada, grace, ada", "'', '', system"})
  void theUserIsTheHeadersElseTheBodysElseTheSystem(String header, String body, String user) {
    var order = order(question("default", body, Role.USER), Map.of("X-GoClaw-User-Id", header));
    assertEquals(user, order.opening().user());
  }

  @Test
  void aUserOfMoreThan255CharactersIsAsIfAbsent() {
    var longest = "u".repeat(255);
    var tooLong = "u".repeat(256);
    var byHeader = Map.of("X-GoClaw-User-Id", tooLong);
    assertEquals("system", order("default", byHeader).opening().user());
    assertEquals(
        "system", order(question("default", tooLong, Role.USER), Map.of()).opening().user());
    assertFalse(order(question("openclaw", tooLong, Role.USER), Map.of()).opening().kept());
    assertTrue(order(question("openclaw", longest, Role.USER), Map.of()).opening().kept());
    assertEquals(
        longest, order(question("default", longest, Role.USER), byHeader).opening().user());
  }

  @Test
  void aFreshSessionHearsEverythingAndAKeptOneOnlyWhatIsNew() {
    Role[] roles = {Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER};
    var kept = Map.of("x-openclaw-session-key", "notes");
    assertEquals(
        List.of(roles),
        order(question("openclaw", "", roles), Map.of()).input().stream()
            .map(Message::role)
            .toList());
    assertEquals(
        List.of(Role.TOOL, Role.USER),
        order(question("openclaw", "", roles), kept).input().stream().map(Message::role).toList());
  }

  @Test
  void aKeptSessionWantsSomethingNew() {
    var question = question("openclaw", "", Role.USER, Role.ASSISTANT);
    var kept = Map.of("x-openclaw-session-key", "notes");
    var bad = assertThrows(BadRequest.class, () -> order(question, kept));
    assertEquals("messages", bad.problem().facts().get("param"));
    assertEquals(2, order(question, Map.of()).input().size());
  }

  @Test
  void everyMessageGetsAnIdOfItsOwnAndTheTime() {
    var input = order(question("default", "", Role.USER, Role.USER), Map.of()).input();
    assertEquals(2, input.stream().map(Message::id).distinct().count());
    assertTrue(input.stream().allMatch(message -> message.timestamp().equals(NOW)));
  }
}
