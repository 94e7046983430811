package clawster.http.kernel;

import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Ids;
import clawster.runtime.kernel.Problem;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/**
 * Endpoints that are called by whoever is connected once for many calls. What they promise holds
 * for these as for requests: who may call, how long a body may be, what is recorded.
 */
public final class Errands {

  /**
   * A call.
   *
   * @param around the request by which its caller was connected
   * @param name as its caller calls it
   * @param body empty for none
   * @param headers what a request would have said beside its body
   * @param gone when its caller is no longer connected
   */
  public record Errand(
      Call around,
      Principal principal,
      String name,
      Endpoint endpoint,
      ByteString body,
      List<HttpHeader> headers,
      CompletionStage<Done> gone) {

    public Errand {
      headers = List.copyOf(headers);
    }
  }

  /** What came of it. */
  public sealed interface Answer {

    record Said(JsonNode payload) implements Answer {}

    record Refused(Problem problem) implements Answer {}
  }

  private final RefusedAttempts refused;
  private final Departure departure;

  /**
   * @param departure waits for what is under way
   */
  public Errands(RefusedAttempts refused, Departure departure) {
    this.refused = refused;
    this.departure = departure;
  }

  public CompletionStage<Answer> run(Errand errand) {
    var endpoint = errand.endpoint();
    if (!endpoint.access().allows(errand.principal())) {
      return refused(errand, IdentityProblems.FORBIDDEN.with("path", errand.name()));
    }
    if (errand.body().size() > endpoint.bodyLimit() && endpoint.bodyLimit() > 0) {
      return refused(errand, RequestProblems.tooLarge(endpoint.bodyLimit()));
    }
    var id = Ids.next().toString();
    departure.opened();
    return handled(errand, id)
        .<Answer>thenApply(Errands::answer)
        .exceptionally(failure -> new Answer.Refused(Faults.problem(id, failure)))
        .whenComplete(
            (answer, _) -> {
              departure.closed();
              if (answer instanceof Answer.Refused(var problem)
                  && problem.kind() == Problem.Kind.FORBIDDEN) {
                note(errand, problem);
              }
            });
  }

  /** What a caller is told of a failure that is not an errand's. */
  public static Problem problem(Throwable failure) {
    return Faults.problem(Ids.next().toString(), failure);
  }

  private static CompletionStage<HttpResponse> handled(Errand errand, String id) {
    try {
      return errand.endpoint().handler().handle(call(errand, id));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Call call(Errand errand, String id) {
    var endpoint = errand.endpoint();
    var around = errand.around();
    return new Call(
        HttpRequest.create(endpoint.path())
            .withMethod(endpoint.method())
            .withHeaders(errand.headers())
            .addAttribute(Call.FROM, around.from()),
        endpoint.access() == Access.PUBLIC ? Principal.ANYBODY : errand.principal(),
        Map.of(),
        endpoint.bodyLimit() == 0 ? ByteString.emptyByteString() : errand.body(),
        id,
        errand.gone());
  }

  private static Answer answer(HttpResponse response) {
    return Refusals.problem(response)
        .<Answer>map(Answer.Refused::new)
        .orElseGet(() -> new Answer.Said(json(response)));
  }

  private static JsonNode json(HttpResponse response) {
    if (!(response.entity() instanceof HttpEntity.Strict whole)) {
      throw new IllegalStateException("an answer that is not whole");
    }
    try {
      return JsonBody.MAPPER.readTree(whole.getData().toArrayUnsafe());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletionStage<Answer> refused(Errand errand, Problem problem) {
    note(errand, problem);
    return CompletableFuture.completedStage(new Answer.Refused(problem));
  }

  private void note(Errand errand, Problem problem) {
    if (errand.endpoint().access() != Access.PUBLIC) {
      note(errand.around(), errand.principal(), errand.name(), problem);
    }
  }

  /** That something was refused, of which the log of changes is to know. */
  public void note(Call around, Principal principal, String name, Problem problem) {
    var from = around.from();
    refused.note(
        new RefusedAttempts.Attempt(principal.actor(), name, problem.code(), from.client().key()),
        from.shown());
  }
}
