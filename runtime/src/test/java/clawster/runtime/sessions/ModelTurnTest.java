package clawster.runtime.sessions;

import static clawster.runtime.sessions.ScriptedModel.end;
import static clawster.runtime.sessions.ScriptedModel.fragment;
import static clawster.runtime.sessions.ScriptedModel.text;
import static clawster.runtime.sessions.ScriptedModel.thatContinues;
import static clawster.runtime.sessions.ScriptedModel.thatMustBeAsked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.DemoModel;
import clawster.runtime.models.FinishReason;
import clawster.runtime.models.ModelCapabilities;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.models.ModelClient;
import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelFailure;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelMessage.ToolCall;
import clawster.runtime.models.ModelRequest;
import clawster.runtime.runs.InMemoryRunLog;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunWord;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ModelTurnTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Clock CLOCK = Clock.fixed(Some.NOON, ZoneOffset.UTC);
  private static final ModelMessage QUESTION = ModelMessage.text(Role.USER, "Greet me.");
  private static final Map<String, Object> JSON =
      Map.of("response_format", Map.of("type", "json_object"));

  private final InMemoryRunLog log = new InMemoryRunLog(_ -> {});
  private final CompletableFuture<ModelTurn.Outcome> outcome = new CompletableFuture<>();
  private RunId run = Some.run(1);

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  @Test
  void anAnswerIsShownAsItComesAndToldWhole() {
    var model =
        thatContinues().says(new ModelEvent.Reasoning("hm"), text("Hello "), text("there"), end());
    begin(model);
    var answered = answered();
    assertEquals("Hello there", answered.message().text());
    assertEquals("hm", answered.message().thinking());
    assertEquals(Message.Mark.NONE, answered.message().mark());
    assertEquals(Some.NOON, answered.message().timestamp());
    assertEquals("stop", answered.finishReason());
    assertEquals(ScriptedModel.USAGE, answered.usage());
    assertEquals("Hello there", shown());
    assertEquals(List.of(request(Map.of())), model.asked);
  }

  @Test
  void whileTheLogWritesWhatComesIsMerged() {
    var taken = new CompletableFuture<Void>();
    log.hold();
    begin(
        thatContinues()
            .then(
                Source.range(0, 1_000)
                    .map(
                        i -> {
                          if (i < 1_000) {
                            return text(i + " ");
                          }
                          taken.complete(null);
                          return end();
                        })));
    await(taken);
    log.goOn();
    assertEquals(answered().message().text(), shown());
    assertTrue(log.words(run).size() < 50, () -> log.words(run).size() + " entries");
  }

  @Test
  void theThreadThatWritesTheLogDoesNotAskTheModel() throws InterruptedException {
    log.hold();
    var model = thatContinues().cutAfter().says("Hello");
    begin(model);
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertTrue(log.isWaiting());
              return null;
            });
    var writer = Thread.ofPlatform().start(log::goOn);
    writer.join();
    assertEquals("Hello", answered().message().text());
    assertNotEquals(writer, model.lastAsker);
  }

  @Test
  void aWholeAnswerThatLostOnlyItsEndGetsItsEnd() {
    var model = thatMustBeAsked().cutAfter(text("All of it.")).says(end());
    begin(model);
    assertEquals("All of it.", answered().message().text());
    assertEquals("All of it.", shown());
    assertEquals(2, model.asked.size());
  }

  @Test
  void aCutAnswerGoesOnFromItsLastWord() {
    var model = thatContinues().cutAfter(text("Hello ")).says(text(" the"), text("re"), end());
    begin(model);
    assertEquals("Hello there", answered().message().text());
    assertEquals(Message.Mark.RECOVERED, answered().message().mark());
    assertEquals(ScriptedModel.USAGE, answered().usage());
    assertEquals("Hello |upstream|there", spelled());
    assertEquals(
        List.of(QUESTION, ModelMessage.text(Role.ASSISTANT, "Hello")),
        model.asked.getLast().messages());
  }

  @Test
  void aModelThatDoesNotContinueIsAskedTo() {
    var model = thatMustBeAsked().cutAfter(text("Hello ")).says("there");
    begin(model);
    assertEquals("Hello there", answered().message().text());
    assertEquals("Hello |upstream|there", spelled());
    var messages = model.asked.getLast().messages();
    assertEquals(ModelMessage.text(Role.ASSISTANT, "Hello "), messages.get(1));
    assertEquals(Role.USER, messages.get(2).role());
  }

  @Test
  void aCutBeforeTheFirstWordIsANewBeginning() {
    var model = thatContinues().cutAfter().says("Hello");
    begin(model);
    assertEquals("Hello", answered().message().text());
    assertEquals(model.asked.getFirst(), model.asked.getLast());
  }

  @Test
  void structuredOutputIsMadeAnewAndShownWhereItIsNew() {
    var model = thatContinues().cutAfter(text("{\"a\":")).says(text("{\"a"), text("\":1}"), end());
    begin(model, JSON);
    assertEquals("{\"a\":1}", answered().message().text());
    assertEquals("{\"a\":|upstream|1}", spelled());
    assertEquals(model.asked.getFirst(), model.asked.getLast());
  }

  @Test
  void structuredOutputThatComesOutDifferentlyIsNotShown() {
    begin(thatContinues().cutAfter(text("{\"a\":")).says("{\"b\":2}"), JSON);
    assertEquals("{\"b\":2}", answered().message().text());
    assertEquals("{\"a\":|upstream||interrupted|", spelled());
  }

  @Test
  void threeCutsAreBorneAndTheFourthIsNot() {
    var model = thatContinues();
    for (var piece : List.of("a", "b", "c", "d")) {
      model.cutAfter(text(piece));
    }
    begin(model);
    var failed = failed();
    assertEquals("upstream.interrupted", failed.code());
    assertEquals("abcd", failed.shown().orElseThrow().text());
    assertEquals(Message.Mark.INCOMPLETE, failed.shown().orElseThrow().mark());
    assertEquals("a|upstream|b|upstream|c|upstream|d", spelled());
    assertEquals(4, model.asked.size());
  }

  @Test
  void otherFailuresAreFinal() {
    for (var kind : ModelFailure.Kind.values()) {
      if (kind != ModelFailure.Kind.INTERRUPTED) {
        var log = new InMemoryRunLog(_ -> {});
        var outcome = new CompletableFuture<ModelTurn.Outcome>();
        var model = thatContinues().failsAfter(kind, text("Hel"));
        begin(model.entry(), log, request(Map.of()), Said.NOTHING, outcome);
        var failed = assertInstanceOf(ModelTurn.Outcome.Failed.class, await(outcome));
        assertEquals("upstream." + kind.name().toLowerCase(), failed.code());
        assertEquals("it broke", failed.reason());
        assertEquals("Hel", failed.shown().orElseThrow().text());
        assertEquals(1, model.asked.size());
      }
    }
  }

  @Test
  void aFailureBeforeTheFirstWordShowsNothing() {
    begin(thatContinues().failsAfter(ModelFailure.Kind.OVERLOADED));
    assertEquals(
        new ModelTurn.Outcome.Failed("upstream.overloaded", "it broke", Optional.empty()),
        await(outcome));
  }

  @Test
  void anAnswerWithoutAnEndIsAFailure() {
    begin(thatContinues().says(text("Hel")));
    assertEquals("upstream.interrupted", failed().code());
    assertEquals("Hel", failed().shown().orElseThrow().text());
  }

  @Test
  void callsAreToldWithWhoeverRunsThem() {
    var model =
        thatContinues()
            .says(
                text("see"),
                fragment(0, "a", "datetime", "{\"time"),
                fragment(1, "b", "open_door", ""),
                fragment(0, "", "", "zone\":\"UTC\"}"),
                fragment(1, "", "", "{}"),
                new ModelEvent.Finished(FinishReason.TOOL_CALLS, ScriptedModel.USAGE));
    begin(model);
    assertEquals(
        List.of(
            new Call("a", "datetime", "{\"timezone\":\"UTC\"}", Call.Runner.HERE_AGAIN),
            new Call("b", "open_door", "{}", Call.Runner.CLIENT)),
        answered().calls());
    assertEquals(
        List.of(
            new ToolCall("a", "datetime", "{\"timezone\":\"UTC\"}"),
            new ToolCall("b", "open_door", "{}")),
        answered().message().toolCalls());
    assertEquals("tool_calls", answered().finishReason());
    assertEquals("see", spelled());
  }

  @Test
  void halfAToldCallIsDropped() {
    begin(
        thatContinues()
            .cutAfter(text("see"), fragment(0, "a", "datetime", "{\"ti"))
            .says(fragment(0, "b", "datetime", "{}"), end()));
    assertEquals(List.of("b"), answered().calls().stream().map(Call::id).toList());
    assertEquals("see", answered().message().text());
  }

  @Test
  void whoeverHaltsLearnsWhatWasShownAndTheUpstreamIsLeft() {
    var model = thatContinues().hangsAfter(text("Hel"), text("lo"));
    var turn = begin(model);
    awaitShown("Hello");
    turn.halt();
    var shown = assertInstanceOf(ModelTurn.Outcome.Halted.class, await(outcome)).shown();
    assertEquals("Hello", shown.orElseThrow().text());
    assertEquals(Message.Mark.ABORTED, shown.orElseThrow().mark());
    await(model.hungUp);
  }

  @Test
  void whatIsHaltedBeforeTheFirstWordHasShownNothing() {
    var model = thatContinues().hangsAfter();
    begin(model).halt();
    assertEquals(new ModelTurn.Outcome.Halted(Optional.empty()), await(outcome));
  }

  @Test
  void aCutIsNotContinuedOnceHalted() {
    var broken = new CompletableFuture<ModelEvent>();
    var model =
        thatContinues()
            .then(
                Source.single(text("Hel"))
                    .concatLazy(Source.lazySource(() -> Source.completionStage(broken))));
    var turn = begin(model);
    awaitShown("Hel");
    turn.halt();
    broken.completeExceptionally(new ModelFailure(ModelFailure.Kind.INTERRUPTED, "it broke"));
    assertInstanceOf(ModelTurn.Outcome.Halted.class, await(outcome));
    assertEquals(1, model.asked.size());
  }

  @Test
  void whatWasShownWhenItWasHaltedIsWhatTheLogHas() {
    for (long seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      var log = new InMemoryRunLog(_ -> {});
      var outcome = new CompletableFuture<ModelTurn.Outcome>();
      int before = random.nextInt(30);
      var reached = new CompletableFuture<Void>();
      var events =
          Source.range(1, 200)
              .map(
                  i -> {
                    if (i == before) {
                      reached.complete(null);
                    }
                    return text(i + " ");
                  });
      var model =
          thatContinues()
              .then(
                  events
                      .concatLazy(Source.<ModelEvent>maybe())
                      .mapMaterializedValue(_ -> NotUsed.notUsed()));
      var turn = begin(model.entry(), log, request(Map.of()), Said.NOTHING, outcome);
      if (before > 0) {
        await(reached);
      }
      turn.halt();
      var halted = assertInstanceOf(ModelTurn.Outcome.Halted.class, await(outcome));
      assertEquals(textOf(log, run), halted.shown().map(Message::text).orElse(""), "seed " + seed);
    }
  }

  @Test
  void anotherOwnerEndsItAll() {
    var model =
        thatContinues()
            .then(
                Source.tick(Duration.ZERO, Duration.ofMillis(1), text("a"))
                    .mapMaterializedValue(_ -> NotUsed.notUsed()));
    begin(model);
    awaitShown("a");
    log.ofAnotherNode(_ -> {}).claim(run, 2);
    assertEquals(new ModelTurn.Outcome.Lost(), await(outcome));
    assertEquals(new RunWord.Claimed(), log.words(run).getLast());
  }

  @Test
  void anEarlierOwnersAnswerGoesOn() {
    var model = thatContinues().says("there");
    begin(model.entry(), log, request(Map.of()), new Said("Hello ", "hm", true), outcome);
    assertEquals("Hello there", answered().message().text());
    assertEquals("hm", answered().message().thinking());
    assertEquals(Message.Mark.RECOVERED, answered().message().mark());
    assertEquals("|restart|there", spelled());
  }

  @Test
  void anEarlierOwnerThatHadSaidNothingLeavesNoTrace() {
    begin(
        thatContinues().says("Hello").entry(),
        log,
        request(Map.of()),
        new Said("", "", true),
        outcome);
    assertEquals(Message.Mark.NONE, answered().message().mark());
    assertEquals("Hello", spelled());
  }

  @Test
  void anAnswerOfNothingIsAnAnswer() {
    begin(thatContinues().says(end()));
    assertEquals(List.of(), answered().message().content());
    assertEquals(List.of(), log.words(run));
  }

  @Test
  void anAnswerCutAnywhereIsTheSameInTheEnd() {
    var whole = demo(List.of());
    for (long seed = 0; seed < 60; seed++) {
      var random = new Random(seed);
      var cuts = random.ints(random.nextInt(4), 0, 15).boxed().toList();
      assertEquals(whole, demo(cuts), "seed " + seed);
    }
  }

  /** The demo model's answer with these cuts, as shown and as told. */
  private String demo(List<Integer> cuts) {
    var log = new InMemoryRunLog(_ -> {});
    var outcome = new CompletableFuture<ModelTurn.Outcome>();
    var left = new ArrayDeque<>(cuts);
    var demo = new DemoModel(Duration.ZERO);
    var cutting =
        new ModelClient() {
          @Override
          public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
            var cut = left.poll();
            var failure = new ModelFailure(ModelFailure.Kind.INTERRUPTED, "it broke");
            return cut == null
                ? demo.stream(request)
                : demo.stream(request)
                    .take(cut)
                    .concatLazy(Source.lazySource(() -> Source.failed(failure)));
          }

          @Override
          public ModelCapabilities capabilities(String model) {
            return demo.capabilities(model);
          }
        };
    var entry = new ModelCatalogue.Entry("demo", "words", cutting);
    begin(entry, log, request(Map.of()), Said.NOTHING, outcome);
    var told = assertInstanceOf(ModelTurn.Outcome.Answered.class, await(outcome)).message().text();
    assertEquals(told, textOf(log, run), () -> "cut at " + cuts);
    return told;
  }

  private ModelTurn begin(ScriptedModel model) {
    return begin(model, Map.of());
  }

  private ModelTurn begin(ScriptedModel model, Map<String, Object> options) {
    return begin(model.entry(), log, request(options), Said.NOTHING, outcome);
  }

  private ModelTurn begin(
      ModelCatalogue.Entry model,
      InMemoryRunLog log,
      ModelRequest request,
      Said said,
      CompletableFuture<ModelTurn.Outcome> outcome) {
    log.open(run, 1);
    var turn =
        new ModelTurn(
            log,
            Materializer.matFromSystem(KIT.system()),
            CLOCK,
            new Owed.ModelCall(run, 0),
            model,
            request,
            said.text(),
            said.reasoning(),
            tool -> tool.equals("open_door") ? Call.Runner.CLIENT : Call.Runner.HERE_AGAIN,
            outcome::complete);
    turn.start(said.resumed());
    return turn;
  }

  private static ModelRequest request(Map<String, Object> options) {
    return new ModelRequest("words", List.of(QUESTION), List.of(), options);
  }

  private ModelTurn.Outcome.Answered answered() {
    return assertInstanceOf(ModelTurn.Outcome.Answered.class, await(outcome));
  }

  private ModelTurn.Outcome.Failed failed() {
    return assertInstanceOf(ModelTurn.Outcome.Failed.class, await(outcome));
  }

  private String shown() {
    return textOf(log, run);
  }

  private void awaitShown(String text) {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertTrue(shown().startsWith(text));
              return null;
            });
  }

  private static String textOf(InMemoryRunLog log, RunId run) {
    return log.words(run).stream()
        .map(word -> word instanceof RunWord.Text(var text) ? text : "")
        .collect(Collectors.joining());
  }

  /** The log: what was said, and between bars what happened. */
  private String spelled() {
    return log.words(run).stream()
        .map(
            word ->
                switch (word) {
                  case RunWord.Text(var text) -> text;
                  case RunWord.Recovered(var reason) -> "|" + reason + "|";
                  case RunWord.Interrupted _ -> "|interrupted|";
                  default -> "|" + word + "|";
                })
        .collect(Collectors.joining());
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("nothing came", e);
    }
  }
}
