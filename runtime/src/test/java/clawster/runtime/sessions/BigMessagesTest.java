package clawster.runtime.sessions;

import static clawster.runtime.sessions.BigMessages.MAX_CHARS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ToolSpec;
import clawster.runtime.sessions.SessionMessage.Delivery;
import clawster.runtime.sessions.SessionMessage.Refused;
import clawster.runtime.sessions.SessionMessage.Reply;
import clawster.runtime.sessions.SessionMessage.StoredView;
import clawster.runtime.sessions.SessionMessage.View;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class BigMessagesTest {

  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.actor.provider = cluster
              pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              """)
          .withFallback(ConfigFactory.load());

  /** The first connection between two nodes takes its time. */
  private static final Duration COLD = Duration.ofSeconds(20);

  private static final ActorTestKit KIT = ActorTestKit.create(CONFIG);
  private static final ActorTestKit ELSEWHERE = ActorTestKit.create(CONFIG);

  private final InMemoryPayloads payloads = new InMemoryPayloads();
  private final BigMessages big = new BigMessages(KIT.system(), payloads);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
    ELSEWHERE.shutdownTestKit();
  }

  @Test
  void everyPartOfACommandCounts() {
    var much = "x".repeat(MAX_CHARS + 1);
    assertFalse(BigMessages.isBig(submit(new Part.Text("Hello"), RunSpec.PLAIN)));
    assertFalse(BigMessages.isBig(submit(new Part.Text(much.substring(1_000)), RunSpec.PLAIN)));
    assertTrue(BigMessages.isBig(submit(new Part.Text(much), RunSpec.PLAIN)));
    assertTrue(BigMessages.isBig(submit(new Part.Image("data:" + much, ""), RunSpec.PLAIN)));
    assertTrue(BigMessages.isBig(submit(new Part.Text(""), tool(new ToolSpec("t", much, "{}")))));
    assertTrue(BigMessages.isBig(submit(new Part.Text(""), tool(new ToolSpec("t", "", much)))));
    assertTrue(
        BigMessages.isBig(
            submit(
                new Part.Text(""),
                new RunSpec("", List.of(), Map.of("response_format", Map.of("schema", much))))));
  }

  @Test
  void manySmallMessagesAreBigToo() {
    var plain = Some.submit(1);
    var many = IntStream.range(0, 400).mapToObj(_ -> Some.user("Hello")).toArray(Message[]::new);
    assertTrue(BigMessages.isBig(Some.submit(1, InputMode.QUEUE, many)));
    assertFalse(BigMessages.isBig(plain));
  }

  @Test
  void everyPartOfASessionCounts() {
    var much = "x".repeat(MAX_CHARS + 1);
    assertFalse(BigMessages.isBig(open("Hello")));
    assertTrue(BigMessages.isBig(open(much)));
    var metadata =
        new SessionCommand.Patch(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Map.of("a", much)),
            Optional.empty(),
            Some.NOON);
    assertTrue(BigMessages.isBig(Told.given(Some.submit(1), metadata).open()));
    var call = new Call("a", "open_door", much, Call.Runner.CLIENT);
    var quiet = new Call("a", "open_door", much, Call.Runner.HERE_AGAIN);
    assertTrue(BigMessages.isBig(Told.given(Some.submit(1), Some.answer(1, 0, "", call)).open()));
    assertTrue(BigMessages.isBig(Told.given(Some.submit(1), Some.answer(1, 0, "", quiet)).open()));
    var waiting = submit(new Part.Text("Hello"), tool(new ToolSpec("t", much, "{}")));
    assertTrue(BigMessages.isBig(Told.given(Some.submit(2), waiting).open()));
  }

  @Test
  void aCommandIsLoadedAsItWasStored() {
    var command = submit(new Part.Text("x".repeat(3_000_000)), RunSpec.PLAIN);
    var id = big.store(command).toCompletableFuture().join();
    assertEquals(command, big.load(id, SessionCommand.Submit.class).toCompletableFuture().join());
    var unknown = big.load(UUID.randomUUID(), SessionCommand.Submit.class).toCompletableFuture();
    assertThrows(CompletionException.class, unknown::join);
  }

  @Test
  void aBigSessionIsShownWholeHereAndByReferenceElsewhere() {
    TestProbe<Delivery> here = KIT.createTestProbe();
    TestProbe<Delivery> there = ELSEWHERE.createTestProbe();
    var whole = open("x".repeat(MAX_CHARS + 1));
    big.show(whole, here.ref());
    assertEquals(new View(whole), here.receiveMessage());
    big.show(whole, remote(there));
    assertEquals(new View(whole), unpacked(there.expectMessageClass(StoredView.class, COLD)));
    big.show(open("short"), remote(there));
    assertEquals(new View(open("short")), there.receiveMessage(COLD));
  }

  @Test
  void aReplyIsItsOwnContent() {
    var refused = new Refused(SessionProblems.NOT_FOUND);
    assertEquals(refused, unpacked(refused));
  }

  private Reply unpacked(Delivery delivery) {
    return big.unpack(delivery).toCompletableFuture().join();
  }

  private static ActorRef<Delivery> remote(TestProbe<Delivery> probe) {
    var name = ActorRefResolver.get(ELSEWHERE.system()).toSerializationFormat(probe.ref());
    return ActorRefResolver.get(KIT.system()).resolveActorRef(name);
  }

  private static SessionCommand.Submit submit(Part part, RunSpec spec) {
    var plain = Some.submit(1);
    return new SessionCommand.Submit(
        plain.opening(),
        plain.run(),
        List.of(
            Message.of(
                "m1", Some.NOON, new ModelMessage(Role.USER, List.of(part), List.of(), "", ""))),
        spec,
        plain.mode(),
        Optional.empty(),
        plain.at());
  }

  private static RunSpec tool(ToolSpec tool) {
    return new RunSpec("", List.of(tool), Map.of());
  }

  private static SessionState.Open open(String text) {
    return Told.given(Some.submit(1, InputMode.QUEUE, Some.user(text))).open();
  }
}
