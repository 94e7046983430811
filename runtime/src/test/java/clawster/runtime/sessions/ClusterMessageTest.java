package clawster.runtime.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.kernel.Problem;
import clawster.runtime.models.Usage;
import clawster.runtime.nodes.NodeReport;
import clawster.runtime.nodes.NodeReports;
import clawster.runtime.nodes.UnreadableSessions;
import clawster.runtime.packages.PackageProgress;
import clawster.runtime.packages.Packages.Presence;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What travels between nodes arrives as it was sent. */
final class ClusterMessageTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final ActorRef<SessionMessage.Reply> REPLY =
      KIT.createTestProbe(SessionMessage.Reply.class).ref();
  private static final ActorRef<SessionMessage.Delivery> VIEW =
      KIT.createTestProbe(SessionMessage.Delivery.class).ref();
  private static final ActorRef<RunFeed.Heard> LISTENER =
      KIT.createTestProbe(RunFeed.Heard.class).ref();
  private static final ActorRef<RunFeed.Command> FEED =
      KIT.createTestProbe(RunFeed.Command.class).ref();

  private static final RunId RUN = Some.run(1);
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final SessionState.Open OPEN = SessionWireTest.open();
  private static final Message SHOWN = OPEN.history().getLast();

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyMessageHasASample() throws Exception {
    assertEquals(messages(), types(samples()));
  }

  @Test
  void everyCommandHasASample() {
    assertEquals(leaves(SessionCommand.class).collect(Collectors.toSet()), types(commands()));
  }

  @Test
  void everyWordHasASample() {
    assertEquals(leaves(RunWord.class).collect(Collectors.toSet()), types(words()));
  }

  @Test
  void samplesArriveAsTheyWereSent() {
    samples().forEach(ClusterMessageTest::travels);
  }

  @Test
  void anOptionKeepsItsShape() {
    Map<String, Object> options =
        Map.of(
            "response_format",
            Map.of("type", "json_schema", "json_schema", Map.of("strict", true)),
            "stop",
            List.of("END", "STOP"),
            "logit_bias",
            Map.of("50256", -100),
            "top_p",
            0.1,
            "seed",
            1L << 40);
    travels(
        new SessionMessage.Submit(
            submit(new RunSpec("demo/words", List.of(), options)), Optional.empty(), REPLY));
  }

  private static void travels(ClusterMessage message) {
    assertInstanceOf(
        JacksonCborSerializer.class,
        SerializationExtension.get(KIT.system()).findSerializerFor(message));
    assertEquals(message, KIT.serializationTestKit().verifySerialization(message, false));
  }

  private static List<ClusterMessage> samples() {
    return Stream.of(
            commands().stream(),
            commands().stream()
                .map(
                    command ->
                        command instanceof SessionCommand.Submit submit
                            ? new SessionMessage.Submit(submit, Optional.of(LISTENER), REPLY)
                            : new SessionMessage.Change(command, REPLY)),
            Stream.<ClusterMessage>of(
                new SessionMessage.Submit(
                    submit(OPEN.waiting().getFirst().spec()), Optional.empty(), REPLY),
                new SessionMessage.StoredSubmit(RUN.value(), Optional.of(LISTENER), REPLY),
                new SessionMessage.Read(VIEW),
                new SessionMessage.ListRuns(REPLY),
                new SessionMessage.StoredView(RUN.value()),
                new SessionMessage.Listen(RUN, LISTENER),
                new SessionMessage.Wake(RUN, true),
                new SessionMessage.Done(List.of(RUN, Some.run(2))),
                new SessionMessage.Refused(problem()),
                new SessionMessage.View(OPEN),
                new RunFeed.Listen(RUN, LISTENER, 256),
                new RunFeed.Credit(RUN, LISTENER, 128),
                new RunFeed.Entries(RUN, entries()),
                new RunFeed.Listening(RUN, -1, FEED),
                new RunFeed.Silenced(RUN, FEED),
                report(),
                new NodeReports.Told(report()),
                new NodeReports.BeDrained(),
                new PackageProgress(
                    7, "npm:docx@8", Presence.INSTALLED, "12", "Unpacking hello (2.10-3) …"),
                new SessionBell.Rang(SessionId.of(Some.PROFILE.key()).toString(), RUN)))
        .flatMap(all -> all)
        .map(ClusterMessage.class::cast)
        .toList();
  }

  private static NodeReport report() {
    return new NodeReport(
        "pekko://clawster@127.0.0.1:1",
        "7",
        "node-1",
        "http://localhost/",
        "1.0",
        NodeReport.Leaving.QUIETLY,
        3,
        2,
        Set.of("41"),
        new UnreadableSessions.Told(
            7, List.of(new UnreadableSessions.Unreadable("an id", "no event", Some.NOON))),
        1L << 40,
        1L << 41,
        Some.NOON,
        Some.NOON);
  }

  private static Problem problem() {
    return SessionProblems.QUEUE_FULL
        .with("session", "agent:writer:desk")
        .retryAfter(Duration.ofMillis(2_500));
  }

  private static List<SessionCommand> commands() {
    return List.of(
        submit(OPEN.waiting().getFirst().spec()),
        new SessionCommand.Claim(AT),
        new SessionCommand.SettleModel(
            RUN, 2, SHOWN, OPEN.awaited(), "tool_calls", new Usage(120, 7), AT),
        new SessionCommand.FailModel(
            RUN, 2, "upstream.timeout", "no token", Optional.of(SHOWN), AT),
        new SessionCommand.SettleTool(RUN, "call_1", ToolOutcome.ERROR, "no such file", AT),
        new SessionCommand.DropAwaited(AT),
        new SessionCommand.Abort(Optional.of(RUN), Optional.of(SHOWN), AT),
        new SessionCommand.Patch(
            Optional.of("Minutes"),
            Optional.of(""),
            Optional.of(Map.of("team", "north")),
            Optional.of(InputMode.STEER),
            AT),
        new SessionCommand.Reset(AT),
        new SessionCommand.Delete(AT));
  }

  private static SessionCommand.Submit submit(RunSpec spec) {
    return new SessionCommand.Submit(
        OPEN.profile(),
        RUN,
        OPEN.history(),
        spec,
        Optional.of(InputMode.INTERRUPT),
        Optional.of(SHOWN),
        AT);
  }

  private static List<RunEntry> entries() {
    var words = words();
    return IntStream.range(0, words.size())
        .mapToObj(i -> new RunEntry(i + 1L, 2, 1, words.get(i)))
        .toList();
  }

  private static List<RunWord> words() {
    return List.of(
        new RunWord.Accepted("agent:writer:desk"),
        new RunWord.Claimed(),
        new RunWord.Text("En dør ✅."),
        new RunWord.Reasoning("a door"),
        new RunWord.ToolCalled("call_1", "write_file", "{\"path\":\"a\"}", true),
        new RunWord.ToolSettled("call_1", "wrote 1 bytes", "ok"),
        new RunWord.Steered(Some.run(2)),
        new RunWord.Recovered("restart"),
        new RunWord.Interrupted(),
        new RunWord.Completed("0196-a", "stop", new Usage(120, 7)),
        new RunWord.Failed("upstream.timeout", "no token"),
        new RunWord.Aborted(),
        new RunWord.Absorbed(Some.run(1)));
  }

  private static Set<Class<?>> types(Collection<?> samples) {
    return samples.stream().map(Object::getClass).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ClusterMessageTest::leaves)
        : Stream.of(type);
  }

  /** Off the compiled classes, so that a message nobody thought of is missed here. */
  private static Set<Class<?>> messages() throws IOException, URISyntaxException {
    var classes =
        Path.of(ClusterMessage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.endsWith(".class"))
          .map(ClusterMessageTest::load)
          .filter(type -> ClusterMessage.class.isAssignableFrom(type) && !type.isInterface())
          .collect(Collectors.toSet());
    }
  }

  private static Class<?> load(String file) {
    try {
      var name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
      return Class.forName(name, false, ClusterMessageTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
