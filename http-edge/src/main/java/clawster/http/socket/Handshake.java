package clawster.http.socket;

import clawster.http.kernel.Admission;
import clawster.http.kernel.Authentication;
import clawster.http.kernel.Call;
import clawster.http.kernel.Errands;
import clawster.http.kernel.Errands.Answer;
import clawster.http.kernel.Errands.Errand;
import clawster.http.kernel.Language;
import clawster.http.kernel.Shown;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * What {@code connect} does: lets in who shows something good, has others ask to be let in, and
 * turns away who shows something wrong.
 *
 * @param call the request that became the socket
 * @param ended when that has
 */
record Handshake(Socket.Server server, Call call, CompletionStage<Done> ended) {

  private static final String NAME = "connect";
  private static final String REQUEST_PAIRING = "POST /v1/pairing/requests";
  private static final String PAIRING_STATUS = "GET /v1/pairing/status";

  private static final Shown NOTHING = Shown.of(Optional.empty(), Optional.empty());

  /** How it ends. */
  sealed interface Outcome {

    record LetIn(Principal principal) implements Outcome {}

    /**
     * @param code to be shown to whoever lets it in
     * @param sender what it is known by then
     */
    record Waits(String code, String sender) implements Outcome {}

    record TurnedAway(Problem problem) implements Outcome {}
  }

  /**
   * @param token no blank one
   * @param sender no blank one
   * @param language of what is said of it
   */
  CompletionStage<Outcome> connect(
      Optional<String> token, Optional<String> sender, Language language) {
    return (token.isEmpty() && sender.isPresent()
            ? paired(sender.get(), language)
            : admitted(Shown.of(token, sender), language))
        .exceptionally(failure -> new Outcome.TurnedAway(Errands.problem(failure)));
  }

  /** Who shows no token, where one is needed, may ask to be let in without one. */
  private CompletionStage<Outcome> admitted(Shown shown, Language language) {
    return server
        .admission()
        .admit(shown, call.client())
        .thenCompose(
            outcome ->
                letInOr(
                    outcome,
                    problem ->
                        shown.authorizations().isEmpty() && isUnknown(problem)
                            ? pairing(language)
                            : CompletableFuture.completedStage(noted(problem))));
  }

  private static CompletionStage<Outcome> letInOr(
      Admission.Outcome outcome, Function<Problem, CompletionStage<Outcome>> otherwise) {
    return switch (outcome) {
      case Admission.Outcome.Admitted(var principal) ->
          CompletableFuture.completedStage(new Outcome.LetIn(principal));
      case Admission.Outcome.Refused(var problem) -> otherwise.apply(problem);
    };
  }

  /** And not, for instance, locked out. */
  private static boolean isUnknown(Problem problem) {
    return problem.kind() == Problem.Kind.UNAUTHENTICATED;
  }

  private Outcome noted(Problem problem) {
    server.errands().note(call, Principal.ANYBODY, NAME, problem);
    return new Outcome.TurnedAway(problem);
  }

  private CompletionStage<Outcome> paired(String sender, Language language) {
    return server
        .admission()
        .admitKnown(Shown.of(Optional.empty(), Optional.of(sender)), call.client())
        .thenCompose(
            outcome ->
                letInOr(
                    outcome,
                    problem ->
                        isUnknown(problem)
                            ? unknown(sender, language)
                            : CompletableFuture.completedStage(new Outcome.TurnedAway(problem))));
  }

  /** A browser that still waits, or was denied, guesses nothing by showing its id again. */
  private CompletionStage<Outcome> unknown(String sender, Language language) {
    return run(
            PAIRING_STATUS,
            language,
            List.of(RawHeader.create(Authentication.SENDER_HEADER, sender)))
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Said(var said) ->
                      switch (said.path("status").asText()) {
                        case "approved" ->
                            admitted(Shown.of(Optional.empty(), Optional.of(sender)), language);
                        case "pending" ->
                            CompletableFuture.completedStage(
                                new Outcome.Waits(said.path("code").asText(), sender));
                        default -> admitted(NOTHING, language).thenApply(this::notedUnlessLetIn);
                      };
                  case Answer.Refused(var problem) ->
                      CompletableFuture.completedStage(new Outcome.TurnedAway(problem));
                });
  }

  private Outcome notedUnlessLetIn(Outcome outcome) {
    if (!(outcome instanceof Outcome.LetIn)) {
      noted(IdentityProblems.UNAUTHORIZED);
    }
    return outcome;
  }

  private CompletionStage<Outcome> pairing(Language language) {
    return run(REQUEST_PAIRING, language, List.of())
        .thenApply(
            answer ->
                switch (answer) {
                  case Answer.Said(var asked) ->
                      new Outcome.Waits(
                          asked.path("code").asText(), asked.path("sender_id").asText());
                  case Answer.Refused(var problem) -> new Outcome.TurnedAway(problem);
                });
  }

  private CompletionStage<Answer> run(String operation, Language language, List<HttpHeader> said) {
    var headers = new ArrayList<>(said);
    headers.add(RawHeader.create("Accept-Language", language.tag()));
    return server
        .errands()
        .run(
            new Errand(
                call,
                Principal.ANYBODY,
                NAME,
                server.methods().endpoint(operation),
                ByteString.emptyByteString(),
                headers,
                ended));
  }
}
