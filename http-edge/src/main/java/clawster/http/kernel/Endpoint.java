package clawster.http.kernel;

import clawster.http.contract.Body;
import clawster.runtime.audit.Action;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One REST operation and what serves it, as a value. Declared by way of a {@link Chapter}.
 *
 * @param recorded what it changes, if it changes anything that is to be recorded
 */
public record Endpoint(Operation operation, Optional<Recorded> recorded, Handler handler) {

  /**
   * That it changes something.
   *
   * @param atSource whether the entry is stored by whoever stores the change, together with it
   */
  public record Recorded(Action action, boolean atSource) {}

  /** Serves one request that has passed every check. */
  public interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  /** How refusals look. */
  public enum Dialect {
    /** {@code {"error":{"message","type","param","code"}}}. */
    OPENAI,
    /** {@code {"error":"text"}}. */
    GOCLAW
  }

  public static final long MIB = 1L << 20;

  public HttpMethod method() {
    return operation.method();
  }

  public String path() {
    return operation.path();
  }

  public Dialect dialect() {
    return operation.chapter().dialect();
  }

  public Access access() {
    return operation.access();
  }

  /** Bytes; 0 where no body is read. */
  public long bodyLimit() {
    return operation.body().map(Body::limit).orElse(0L);
  }

  /** The same, which does that; its one path variable says to what. */
  public Endpoint recordedAs(Action action) {
    return recorded(new Recorded(action, false));
  }

  /** The same, whose handler sees to it that the entry is stored with the change. */
  public Endpoint recordsItselfAs(Action action) {
    return recorded(new Recorded(action, true));
  }

  private Endpoint recorded(Recorded as) {
    return new Endpoint(operation, Optional.of(as), handler);
  }

  /** The same, refusing with {@code otherwise} while something is not {@code so}. */
  public Endpoint onlyWhile(BooleanSupplier so, Problem otherwise) {
    return servedBy(
        call ->
            so.getAsBoolean()
                ? handler.handle(call)
                : CompletableFuture.completedStage(Refusals.response(dialect(), otherwise)));
  }

  /** The same; whoever waits for an answer to begin when the node is cut off is told so. */
  public Endpoint until(Departure departure) {
    return servedBy(
        call ->
            departure.unlessCutOff(
                handler.handle(call), () -> Refusals.response(dialect(), RequestProblems.LEAVING)));
  }

  Endpoint servedBy(Handler other) {
    return new Endpoint(operation, recorded, other);
  }

  List<String> segments() {
    return List.of(path().substring(1).split("/", -1));
  }
}
