package clawster.runtime.sessions;

import clawster.runtime.kernel.Failures;
import clawster.runtime.kernel.Ids;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelFailure;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Part;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.models.ModelRequest;
import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import clawster.runtime.runs.RunLog;
import clawster.runtime.runs.RunLost;
import clawster.runtime.runs.RunWord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * One model call of a run: streams the answer into the run log and says how it went. The log paces
 * it: at most one append is under way, and what arrives meanwhile is merged into the next. Only the
 * end of the last answer is not waited for: it shares a commit with the run's ending. A stream that
 * breaks midway goes on from what was said.
 */
final class ModelTurn {

  /** How a turn went. */
  sealed interface Outcome {
    record Answered(Message message, List<Call> calls, String finishReason, Usage usage)
        implements Outcome {}

    record Failed(String code, String reason, Optional<Message> shown) implements Outcome {}

    record Halted(Optional<Message> shown) implements Outcome {}

    /** Somebody else owns the run. */
    record Lost() implements Outcome {}
  }

  /** Model events merged into one append at most. */
  private static final int MAX_BATCH = 2_000;

  private static final int MAX_CONTINUATIONS = 3;

  private final RunLog log;
  private final Materializer materializer;
  private final Clock clock;
  private final RunId run;
  private final int step;
  private final ModelCatalogue.Entry model;
  private final ModelRequest request;
  private final Function<String, Call.Runner> runners;
  private final Consumer<Outcome> report;
  private final SharedKillSwitch halt = KillSwitches.shared("model-turn");
  private final String messageId = Ids.next().toString();
  private final Answer answer;
  private volatile boolean halted;
  private boolean recovered;
  private int attempts;

  /**
   * @param said visible text of this step from an earlier owner, empty for a fresh start
   * @param thought reasoning likewise
   * @param runners who runs a tool, by its name
   */
  ModelTurn(
      RunLog log,
      Materializer materializer,
      Clock clock,
      Owed.ModelCall owed,
      ModelCatalogue.Entry model,
      ModelRequest request,
      String said,
      String thought,
      Function<String, Call.Runner> runners,
      Consumer<Outcome> report) {
    this.log = log;
    this.materializer = materializer;
    this.clock = clock;
    this.run = owed.run();
    this.step = owed.step();
    this.model = model;
    this.request = request;
    this.runners = runners;
    this.report = report;
    this.answer = new Answer(said, thought);
  }

  /** {@code resumed} says that an earlier owner had begun this answer. */
  void start(boolean resumed) {
    (resumed && !answer.isEmpty() ? goOn("restart") : attempt()).whenComplete(this::ended);
  }

  /** Stops the stream at once; the outcome is {@link Outcome.Halted} with what had been shown. */
  void halt() {
    halted = true;
    halt.shutdown();
  }

  private CompletionStage<Void> goOn(String reason) {
    recovered = true;
    answer.dropHalves();
    return log.append(run, step, new RunWord.Recovered(reason))
        .thenComposeAsync(_ -> attempt(), materializer.executionContext());
  }

  private CompletionStage<Void> attempt() {
    var how = Continuation.of(answer.text(), request, model.client().capabilities(model.model()));
    var asked = how.apply(request, answer.text());
    answer.skip(how.repeats(answer.text()));
    switch (how) {
      case AFRESH -> answer.rethink();
      case REGENERATE -> answer.regenerate();
      case PREFIX, ASK -> {}
    }
    return model.client().stream(asked)
        .via(halt.flow())
        .<List<ModelEvent>>batch(MAX_BATCH, ModelTurn::first, ModelTurn::and)
        .mapAsync(1, this::show)
        .runWith(Sink.ignore(), materializer)
        .<CompletionStage<Void>>handle(
            (_, failure) ->
                failure == null ? CompletableFuture.completedStage(null) : again(failure))
        .thenCompose(Function.identity());
  }

  private static List<ModelEvent> first(ModelEvent event) {
    var batch = new ArrayList<ModelEvent>(4);
    batch.add(event);
    return batch;
  }

  private static List<ModelEvent> and(List<ModelEvent> batch, ModelEvent event) {
    batch.add(event);
    return batch;
  }

  private CompletionStage<Long> show(List<ModelEvent> events) {
    CompletionStage<Long> shown = CompletableFuture.completedStage(0L);
    for (var word : answer.take(events)) {
      shown = log.append(run, step, word);
    }
    return answer.isFinal() ? CompletableFuture.completedStage(0L) : shown;
  }

  private CompletionStage<Void> again(Throwable failure) {
    var cause = Failures.cause(failure);
    boolean cut =
        cause instanceof ModelFailure broken
            && broken.kind() == ModelFailure.Kind.INTERRUPTED
            && ++attempts <= MAX_CONTINUATIONS
            && !halted;
    return cut ? goOn("upstream") : CompletableFuture.failedStage(cause);
  }

  private void ended(Void nothing, Throwable failure) {
    report.accept(outcome(failure == null ? null : Failures.cause(failure)));
  }

  private Outcome outcome(Throwable failure) {
    if (failure instanceof RunLost) {
      return new Outcome.Lost();
    }
    if (failure == null && answer.isFinished()) {
      return answered();
    }
    if (halted) {
      return new Outcome.Halted(shown(Message.Mark.ABORTED));
    }
    return switch (failure) {
      case ModelFailure broken ->
          new Outcome.Failed(
              "upstream." + broken.kind().name().toLowerCase(Locale.ROOT),
              broken.getMessage(),
              shown(Message.Mark.INCOMPLETE));
      case null ->
          new Outcome.Failed(
              "upstream.interrupted", "the answer has no end", shown(Message.Mark.INCOMPLETE));
      default ->
          new Outcome.Failed("run.fault", failure.toString(), shown(Message.Mark.INCOMPLETE));
    };
  }

  private Outcome answered() {
    var calls = answer.toolCalls(messageId);
    return new Outcome.Answered(
        message(answer.text(), recovered ? Message.Mark.RECOVERED : Message.Mark.NONE, calls),
        calls.stream()
            .map(c -> new Call(c.id(), c.name(), c.arguments(), runners.apply(c.name())))
            .toList(),
        answer.finishReason(),
        answer.usage());
  }

  private Optional<Message> shown(Message.Mark mark) {
    var shown = answer.shown();
    return shown.isEmpty() ? Optional.empty() : Optional.of(message(shown, mark, List.of()));
  }

  private Message message(String text, Message.Mark mark, List<ModelMessage.ToolCall> calls) {
    List<Part> content = text.isEmpty() ? List.of() : List.of(new Part.Text(text));
    return new Message(
        messageId,
        clock.instant(),
        Role.ASSISTANT,
        content,
        answer.reasoning(),
        calls,
        "",
        "",
        mark);
  }
}
