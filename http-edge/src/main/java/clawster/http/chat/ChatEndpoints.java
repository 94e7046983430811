package clawster.http.chat;

import static clawster.http.contract.Content.events;
import static clawster.http.contract.Content.json;
import static clawster.http.contract.Parameter.header;
import static clawster.http.contract.Schema.either;
import static clawster.http.contract.Schema.text;

import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.Sse;
import clawster.http.limits.AnswerLimits;
import clawster.http.requests.Intake;
import clawster.runtime.agents.Agents;
import clawster.runtime.identity.Access;
import clawster.runtime.limits.LimitProblems;
import clawster.runtime.runs.RunEntry;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.SessionCommand;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.Sessions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/chat/completions}. */
public final class ChatEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(ChatEndpoints.class);

  private static final Chapter CHAT =
      new Chapter("Chat", "Conversations, as OpenAI's clients hold them.", Dialect.OPENAI);

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final Intake intake;
  private final Agents agents;
  private final Clock clock;
  private final Supplier<Duration> grace;
  private final AnswerLimits limits;

  /**
   * @param grace how long a run without a kept session goes on after its caller has left; zero
   *     aborts at once
   */
  public ChatEndpoints(
      ActorSystem<?> system,
      Sessions sessions,
      Agents agents,
      Clock clock,
      Supplier<Duration> grace,
      AnswerLimits limits) {
    this.system = system;
    this.sessions = sessions;
    this.intake = new Intake(sessions, limits);
    this.agents = agents;
    this.clock = clock;
    this.grace = grace;
    this.limits = limits;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        CHAT.post("/v1/chat/completions", Access.WRITE, "Answer a conversation, streamed or whole")
            .takes(
                header(
                    "x-openclaw-session-key",
                    text(0, SessionKey.MAX_LENGTH),
                    "With a model of the `openclaw` kind, the kept session it is said in"),
                header("X-GoClaw-Agent-Id", text(), "Which agent, where `model` does not say"),
                header("X-GoClaw-Agent", text(), "The same, where that is absent"),
                header("X-GoClaw-User-Id", text(), "On whose behalf"))
            .takes(Intake.HEADERS)
            .reads(ChatSchemas.REQUEST, 20 * Endpoint.MIB, ChatSchemas.EXAMPLE)
            .answers(
                200,
                "The answer: chunks and then `[DONE]` where `stream` is true, else one completion",
                json(ChatSchemas.COMPLETION),
                events(either(ChatSchemas.CHUNK, Refusals.schema(Dialect.OPENAI))))
            .refuses(ChatProblems.NO_SUCH_MODEL, ChatProblems.NO_USER_MESSAGE)
            .refuses(Intake.PROBLEMS)
            .refuses(ChatProblems.OF_RUNS)
            .refuses(LimitProblems.OF_ANSWERS)
            .servedBy(limits.on(Dialect.OPENAI, this::complete)));
  }

  // POST /v1/chat/completions
  private CompletionStage<HttpResponse> complete(Call call) {
    var question = ChatQuestion.read(JsonBody.object(call.body()));
    var now = clock.instant();
    return intake
        .take(call, run -> ChatOrder.of(call, question, agents, now, run))
        .thenCompose(
            taken ->
                answer(taken, question, call)
                    .thenApply(response -> named(response, taken.order())));
  }

  private CompletionStage<HttpResponse> answer(
      Intake.Taken taken, ChatQuestion question, Call call) {
    return switch (taken.submitted()) {
      case Sessions.Submitted.Refused(var problem) ->
          CompletableFuture.completedStage(Refusals.response(Dialect.OPENAI, problem));
      case Sessions.Submitted.Accepted(RunId run, Source<RunEntry, NotUsed> entries) -> {
        var writer =
            new ChatWriter(
                run,
                question.model(),
                run.made().getEpochSecond(),
                question.includeUsage(),
                call.language());
        yield question.stream()
            ? CompletableFuture.completedStage(streamed(taken, call.gone(), entries, writer))
            : whole(taken, call.gone(), entries, writer);
      }
    };
  }

  private static HttpResponse named(HttpResponse response, SessionCommand.Submit order) {
    return response.addHeaders(
        List.of(
            RawHeader.create("x-clawster-run", order.run().toString()),
            RawHeader.create("x-clawster-session", ascii(order))));
  }

  private static String ascii(SessionCommand.Submit order) {
    return URLEncoder.encode(order.opening().key().value(), StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  /**
   * A closed connection may take long to end a body that is still being written, and never begins
   * one.
   */
  private HttpResponse streamed(
      Intake.Taken taken,
      CompletionStage<Done> gone,
      Source<RunEntry, NotUsed> entries,
      ChatWriter writer) {
    var ended = new CompletableFuture<RunEntry>();
    var written = new CompletableFuture<Done>();
    leaves(taken, ended, written.applyToEither(gone, done -> done));
    Source<ByteString, ?> body =
        Source.single(writer.opening())
            .concat(
                entries
                    .map(told(ended))
                    .takeWhile(entry -> !ChatWriter.ends(entry), true)
                    .map(writer::chunk)
                    .filter(bytes -> !bytes.isEmpty()))
            .keepAlive(Sse.HEARTBEAT_EVERY, () -> Sse.HEARTBEAT)
            .watchTermination(
                (_, end) -> {
                  end.whenComplete((_, _) -> written.complete(Done.getInstance()));
                  return NotUsed.getInstance();
                });
    return Sse.response(body);
  }

  private static Function<RunEntry, RunEntry> told(CompletableFuture<RunEntry> ended) {
    return entry -> {
      if (ChatWriter.ends(entry)) {
        ended.complete(entry);
      }
      return entry;
    };
  }

  /**
   * @param over when the answer is written or its caller has gone
   */
  private void leaves(Intake.Taken taken, CompletableFuture<?> ended, CompletionStage<?> over) {
    var left = intake.until(taken, ended, over);
    if (!taken.order().opening().kept()) {
      Leaving.before(ended, left, grace.get(), system, () -> abort(taken));
    }
  }

  /** Unless somebody else waits for it, on whichever node. */
  private void abort(Intake.Taken taken) {
    taken
        .caller()
        .abandons()
        .thenAccept(
            alone -> {
              if (alone) {
                abort(taken.order());
              }
            });
  }

  private void abort(SessionCommand.Submit order) {
    sessions.change(
        order.opening().key(),
        new SessionCommand.Abort(Optional.of(order.run()), Optional.empty(), clock.instant()));
  }

  private CompletionStage<HttpResponse> whole(
      Intake.Taken taken,
      CompletionStage<Done> gone,
      Source<RunEntry, NotUsed> entries,
      ChatWriter writer) {
    var answer =
        entries
            .map(writer::collect)
            .mapConcat(whole -> whole.stream().toList())
            .runWith(Sink.head(), system);
    var ended = answer.toCompletableFuture();
    leaves(
        taken, ended, answer.<Object>thenApply(whole -> whole).applyToEither(gone, done -> done));
    return answer.handle(
        (whole, failure) -> failure == null ? response(whole) : lost(taken.order(), failure));
  }

  private static HttpResponse lost(SessionCommand.Submit order, Throwable failure) {
    LOG.error("The answer of run {} cannot be read", order.run(), failure);
    return Refusals.afterAcceptance(Dialect.OPENAI, ChatProblems.LOST);
  }

  private static HttpResponse response(ChatWriter.Whole whole) {
    return switch (whole) {
      case ChatWriter.Whole.Answer(ByteString body) ->
          HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, body);
      case ChatWriter.Whole.Problematic(var problem) ->
          Refusals.afterAcceptance(Dialect.OPENAI, problem);
    };
  }
}
