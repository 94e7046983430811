package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.ToolSpec;
import clawster.runtime.models.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What is in journals stays readable. Samples are written once, when a name is new, and never
 * edited: if one cannot be read any more, the change needs a new name.
 */
final class SessionWireTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final SessionSerializer SERIALIZER =
      (SessionSerializer)
          SerializationExtension.get(KIT.system())
              .findSerializerFor(new SessionEvent.Reset(Instant.EPOCH));

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final Call HERE =
      new Call("call_1", "write_file", "{\"path\":\"a\"}", Call.Runner.HERE_ONCE);
  private static final Call AGAIN = new Call("call_2", "datetime", "{}", Call.Runner.HERE_AGAIN);
  private static final Call CLIENT = new Call("call_3", "open_door", "{}", Call.Runner.CLIENT);
  private static final SessionProfile PROFILE =
      new SessionProfile(
          new SessionKey("agent:writer:desk"),
          "writer",
          true,
          "http",
          "kari",
          "Minutes",
          "demo/words",
          Map.of("team", "north"),
          InputMode.QUEUE);
  private static final RunSpec SPEC =
      new RunSpec(
          "demo/words",
          List.of(new ToolSpec("open_door", "Opens a door.", "{\"type\":\"object\"}")),
          Map.of("temperature", 0.5, "max_tokens", 100, "stop", List.of("END")));
  private static final Message QUESTION =
      new Message(
          "0196-q",
          AT,
          Role.USER,
          List.of(new Part.Text("Hva er dette?"), new Part.Image("https://example.org/a.png", "")),
          "",
          List.of(),
          "",
          "kari",
          Message.Mark.NONE);
  private static final Message ANSWER =
      new Message(
          "0196-a",
          AT,
          Role.ASSISTANT,
          List.of(new Part.Text("En dør ✅.")),
          "a door, I think",
          List.of(new ToolCall("call_1", "write_file", "{\"path\":\"a\"}")),
          "",
          "",
          Message.Mark.RECOVERED);
  private static final Message RESULT =
      new Message(
          "0196-t",
          AT,
          Role.TOOL,
          List.of(new Part.Text("wrote 1 bytes")),
          "",
          List.of(),
          "call_1",
          "write_file",
          Message.Mark.NONE);

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyNameHasASample() {
    assertEquals(SessionSerializer.TYPES.keySet(), samples().keySet());
  }

  @Test
  void everyEventAndStateHasAName() {
    var named = Set.copyOf(SessionSerializer.TYPES.values());
    assertTrue(named.containsAll(Arrays.asList(SessionEvent.class.getPermittedSubclasses())));
    assertTrue(named.containsAll(Arrays.asList(SessionState.class.getPermittedSubclasses())));
  }

  @Test
  void samplesReadBackAsTheyWereMeant() {
    samples().forEach((name, value) -> assertEquals(value, read(name), () -> "sample " + name));
  }

  @Test
  void whatIsWrittenTodayReadsBack() throws IOException {
    for (var value : samples().values()) {
      assertEquals(
          value, SERIALIZER.fromBinary(SERIALIZER.toBinary(value), SERIALIZER.manifest(value)));
    }
  }

  @Test
  void aSampleHasNoFieldButItsRecords() throws IOException {
    for (var sample : samples().entrySet()) {
      var fields = new TreeSet<String>();
      var json = new ObjectMapper();
      json.readTree(SERIALIZER.toBinary(sample.getValue()))
          .fieldNames()
          .forEachRemaining(fields::add);
      assertEquals(components(sample.getValue()), fields, sample.getKey());
    }
    JsonNode call =
        new ObjectMapper()
            .readTree(SERIALIZER.toBinary(samples().get("session.tools_intended.v1")))
            .get("calls")
            .get(0);
    assertEquals(4, call.size(), call::toString);
  }

  private static Set<String> components(Object value) {
    return new TreeSet<>(
        Arrays.stream(value.getClass().getRecordComponents())
            .map(RecordComponent::getName)
            .toList());
  }

  /** However a session keeps it in memory. */
  @Test
  void aHistoryIsWrittenAsAListOfMessages() throws IOException {
    var json = new ObjectMapper();
    try (var sample =
        SessionWireTest.class.getResourceAsStream("/wire/session.state.open.v1.json")) {
      assertEquals(
          json.readTree(sample).get("history"),
          json.readTree(SERIALIZER.toBinary(open())).get("history"));
    }
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThrows(
        NotSerializableException.class,
        () -> SERIALIZER.fromBinary("{}".getBytes(), "session.opened.v0"));
    assertThrows(IllegalArgumentException.class, () -> SERIALIZER.manifest("text"));
  }

  @Test
  void aFieldNobodyKnowsYetIsSkipped() throws IOException {
    var newer = "{\"at\":\"2026-03-01T12:00:00.123456Z\",\"by\":\"kari\"}".getBytes();
    assertEquals(new SessionEvent.Reset(AT), SERIALIZER.fromBinary(newer, "session.reset.v1"));
  }

  /** What a name has been given since its first sample; that one stays as it is. */
  @Test
  void fieldsThatCameLaterReadBackAsTheyWereMeant() throws IOException {
    var steering = new SessionEvent.Accepted(Some.run(1), List.of(QUESTION), SPEC, true, AT);
    var patched =
        new SessionEvent.Patched(
            "Minutes", "demo/words", Map.of("team", "north"), InputMode.STEER, AT);
    var opened =
        new SessionEvent.Opened(
            new SessionProfile(
                new SessionKey("agent:writer:desk"),
                "writer",
                true,
                "http",
                "kari",
                "Minutes",
                "demo/words",
                Map.of("team", "north"),
                InputMode.REJECT),
            AT);
    for (var value : List.of(steering, patched, opened)) {
      var name = SERIALIZER.manifest(value);
      assertEquals(value, read(name + "+input-mode", name));
      assertEquals(value, SERIALIZER.fromBinary(SERIALIZER.toBinary(value), name));
    }
  }

  private static Object read(String name) {
    return read(name, name);
  }

  private static Object read(String file, String name) {
    try (var sample = SessionWireTest.class.getResourceAsStream("/wire/" + file + ".json")) {
      return SERIALIZER.fromBinary(sample.readAllBytes(), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> samples() {
    var run = Some.run(1);
    var all = new LinkedHashMap<String, Object>();
    all.put("session.opened.v1", new SessionEvent.Opened(PROFILE, AT));
    all.put(
        "session.accepted.v1", new SessionEvent.Accepted(run, List.of(QUESTION), SPEC, false, AT));
    all.put("session.claimed.v1", new SessionEvent.Claimed(3, AT));
    all.put(
        "session.tools_intended.v1",
        new SessionEvent.ToolsIntended(
            run, ANSWER, List.of(HERE, AGAIN, CLIENT), new Usage(120, 7), AT));
    all.put(
        "session.tool_settled.v1",
        new SessionEvent.ToolSettled(run, "call_1", ToolOutcome.UNKNOWN, RESULT, AT));
    all.put(
        "session.completed.v1",
        new SessionEvent.Completed(
            run, List.of(ANSWER), List.of(CLIENT), "tool_calls", new Usage(120, 7), AT));
    all.put(
        "session.failed.v1",
        new SessionEvent.Failed(run, "upstream.timeout", "no token", List.of(ANSWER), AT));
    all.put("session.aborted.v1", new SessionEvent.Aborted(run, List.of(ANSWER, RESULT), AT));
    all.put("session.absorbed.v1", new SessionEvent.Absorbed(run, Some.run(2), AT));
    all.put("session.awaited_dropped.v1", new SessionEvent.AwaitedDropped(List.of(RESULT), AT));
    all.put(
        "session.patched.v1",
        new SessionEvent.Patched(
            "Minutes", "demo/words", Map.of("team", "north"), InputMode.QUEUE, AT));
    all.put("session.reset.v1", new SessionEvent.Reset(AT));
    all.put("session.deleted.v1", new SessionEvent.Deleted(3, AT));
    all.put("session.state.absent.v1", new SessionState.Absent(3));
    all.put("session.state.open.v1", open());
    return all;
  }

  static SessionState.Open open() {
    var current =
        new SessionState.Run(
            Some.run(1),
            List.of(),
            SPEC,
            1,
            List.of(HERE),
            List.of(CLIENT),
            new Usage(120, 7),
            false);
    var waiting =
        new SessionState.Run(
            Some.run(2), List.of(QUESTION), SPEC, 0, List.of(), List.of(), Usage.NONE, false);
    var ended =
        new SessionState.Ended(
            Some.run(3),
            SessionState.Ended.How.FAILED,
            "upstream.timeout: no token",
            "",
            new Usage(5, 0));
    return new SessionState.Open(
        2,
        PROFILE,
        List.of(QUESTION, ANSWER),
        Optional.of(current),
        List.of(CLIENT),
        List.of(waiting),
        List.of(ended),
        new Usage(125, 7),
        120,
        AT,
        AT.plusSeconds(5));
  }
}
