package clawster.http.kernel;

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
 * One REST operation, as a value.
 *
 * @param path {@code /v1/sessions/{key}}; a last segment {@code {name...}} takes the rest of the
 *     path
 * @param bodyLimit bytes; 0 where no body is read
 * @param access who may call it
 * @param recorded what it changes, if it changes anything that is to be recorded
 */
public record Endpoint(
    HttpMethod method,
    String path,
    String summary,
    Dialect dialect,
    Access access,
    long bodyLimit,
    Optional<Recorded> recorded,
    Handler handler) {

  /**
   * That it changes something.
   *
   * @param atSource whether the entry is stored by whoever stores the change, together with it
   */
  public record Recorded(Action action, boolean atSource) {}

  /** Which changes nothing that has to be recorded. */
  public Endpoint(
      HttpMethod method,
      String path,
      String summary,
      Dialect dialect,
      Access access,
      long bodyLimit,
      Handler handler) {
    this(method, path, summary, dialect, access, bodyLimit, Optional.empty(), handler);
  }

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

  /** The same, which does that; its one path variable says to what. */
  public Endpoint recordedAs(Action action) {
    return recorded(new Recorded(action, false));
  }

  /** The same, whose handler sees to it that the entry is stored with the change. */
  public Endpoint recordsItselfAs(Action action) {
    return recorded(new Recorded(action, true));
  }

  private Endpoint recorded(Recorded as) {
    return new Endpoint(
        method, path, summary, dialect, access, bodyLimit, Optional.of(as), handler);
  }

  /** The same, refusing with {@code otherwise} while something is not {@code so}. */
  public Endpoint onlyWhile(BooleanSupplier so, Problem otherwise) {
    return servedBy(
        call ->
            so.getAsBoolean()
                ? handler.handle(call)
                : CompletableFuture.completedStage(Refusals.response(dialect, otherwise)));
  }

  /** The same; whoever waits for an answer to begin when the node is cut off is told so. */
  public Endpoint until(Departure departure) {
    return servedBy(
        call ->
            departure.unlessCutOff(
                handler.handle(call), () -> Refusals.response(dialect, RequestProblems.LEAVING)));
  }

  Endpoint servedBy(Handler other) {
    return new Endpoint(method, path, summary, dialect, access, bodyLimit, recorded, other);
  }

  /** {@code GET /v1/sessions/{key}}. */
  public String name() {
    return method.value() + " " + path;
  }

  List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }
}
