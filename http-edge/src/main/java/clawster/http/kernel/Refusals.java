package clawster.http.kernel;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.text;

import clawster.http.contract.Schema;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Problems as HTTP answers: one switch to a status, one rendering per dialect. */
public final class Refusals {

  /** OpenAI's SDKs would ask again for most refusals. */
  private static final HttpHeader RETRY_NEVER = RawHeader.create("x-should-retry", "false");

  private static final Schema GOCLAW_ERROR =
      named(
          "Error", object(field("error", text(), "A sentence, in the language that was accepted")));

  private static final Schema OPENAI_ERROR =
      named(
          "OpenAiError",
          object(
              field(
                  "error",
                  object(
                      field("message", text(), "A sentence, in the language that was accepted"),
                      field("type", text(), "OpenAI's word for what went wrong"),
                      field("param", orNull(text()), "The field or header that is wrong"),
                      field("code", text(), "Stable: what a program should look at")))));

  /** What was refused, beside the answer that says so. */
  private record Refused(Dialect dialect, Problem problem) {}

  private static final AttributeKey<Refused> REFUSED =
      AttributeKey.create("refused", Refused.class);

  private Refusals() {}

  /** In English; {@link #in} translates it. */
  public static HttpResponse response(Dialect dialect, Problem problem) {
    var response =
        HttpResponse.create()
            .withStatus(StatusCodes.get(status(dialect, problem.kind())))
            .withEntity(
                ContentTypes.APPLICATION_JSON, body(dialect, problem, Language.EN).toString());
    return response
        .addHeaders(headers(problem))
        .addAttribute(REFUSED, new Refused(dialect, problem));
  }

  /** The same answer, in the caller's language, which is asked for, if it is a refusal. */
  static HttpResponse in(Supplier<Language> language, HttpResponse response) {
    return response
        .getAttribute(REFUSED)
        .map(refused -> translated(refused, language.get(), response))
        .orElse(response);
  }

  /** Why it refuses, if it does. */
  static Optional<Problem> problem(HttpResponse response) {
    return response.getAttribute(REFUSED).map(Refused::problem);
  }

  private static HttpResponse translated(
      Refused refused, Language language, HttpResponse response) {
    return language == Language.EN
        ? response
        : response
            .withEntity(
                ContentTypes.APPLICATION_JSON,
                body(refused.dialect(), refused.problem(), language).toString())
            .addHeader(RawHeader.create("Content-Language", language.tag()));
  }

  private static List<HttpHeader> headers(Problem problem) {
    var headers = new ArrayList<HttpHeader>();
    if (!problem.retryAfter().isZero()) {
      headers.add(RawHeader.create("Retry-After", String.valueOf(seconds(problem))));
    }
    if (problem.kind() == Kind.INTERNAL) {
      headers.add(RETRY_NEVER);
    }
    if (problem.kind() == Kind.UPGRADE_REQUIRED) {
      headers.add(RawHeader.create("Upgrade", "websocket"));
    }
    if (problem.kind() == Kind.UNAUTHENTICATED) {
      headers.add(RawHeader.create("WWW-Authenticate", "Bearer"));
    }
    return headers;
  }

  /**
   * Refuses what had been accepted. OpenAI's SDKs would ask again for most of these, and so begin
   * anew what was stopped or failed; they do not where they are told so.
   */
  public static HttpResponse afterAcceptance(Dialect dialect, Problem problem) {
    var response = response(dialect, problem);
    return problem.kind() == Kind.INTERNAL ? response : response.addHeader(RETRY_NEVER);
  }

  private static long seconds(Problem problem) {
    return Math.max(1, problem.retryAfter().plusMillis(999).toSeconds());
  }

  static int status(Dialect dialect, Kind kind) {
    return switch (kind) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case TIMEOUT -> 408;
      // OpenAI's SDKs ask again after a 409.
      case CONFLICT -> dialect == Dialect.OPENAI ? 422 : 409;
      case GONE -> 410;
      case TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case MISDIRECTED -> 421;
      case UPGRADE_REQUIRED -> 426;
      case BUSY -> 429;
      case INTERNAL -> 500;
      case UPSTREAM -> 502;
      case UNAVAILABLE -> 503;
    };
  }

  /** What a body looks like that {@link #body} makes. */
  public static Schema schema(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> OPENAI_ERROR;
      case GOCLAW -> GOCLAW_ERROR;
    };
  }

  public static ObjectNode body(Dialect dialect, Problem problem, Language language) {
    var root = JsonNodeFactory.instance.objectNode();
    var sentence = Sentences.of(problem, language);
    switch (dialect) {
      case OPENAI -> {
        var error = root.putObject("error");
        error.put("message", sentence);
        error.put("type", type(problem.kind()));
        var param = problem.facts().get("param");
        if (param == null) {
          error.putNull("param");
        } else {
          error.put("param", param);
        }
        error.put("code", problem.code());
      }
      case GOCLAW -> root.put("error", sentence);
    }
    return root;
  }

  /** OpenAI's word for it. */
  private static String type(Kind kind) {
    return switch (kind) {
      case INVALID,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          CONFLICT,
          GONE,
          TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          UPGRADE_REQUIRED,
          MISDIRECTED,
          TIMEOUT ->
          "invalid_request_error";
      case UNAUTHENTICATED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case BUSY -> "rate_limit_error";
      case UPSTREAM -> "upstream_error";
      case UNAVAILABLE -> "service_unavailable";
      case INTERNAL -> "server_error";
    };
  }
}
