package clawster.http.kernel;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.limits.ClientAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.util.ByteString;

/**
 * A request that has passed every check.
 *
 * @param principal who asks; {@link Principal#ANYBODY} where anybody may
 * @param variables the path's variables, percent-decoded
 * @param body the whole body; empty where the endpoint reads none
 * @param gone when the caller has hung up before the answer began; else never
 */
public record Call(
    HttpRequest request,
    Principal principal,
    Map<String, String> variables,
    ByteString body,
    String requestId,
    CompletionStage<Done> gone) {

  /** Characters of a user's name. */
  public static final int MAX_USER = 255;

  public static final String USER_HEADER = "X-GoClaw-User-Id";

  /** Set by the router, whatever a caller says of itself. */
  static final AttributeKey<Provenance> FROM = AttributeKey.create("from", Provenance.class);

  /** What its sentences are to be in. */
  public Language language() {
    return Language.of(request);
  }

  /** Where it comes from. */
  public ClientAddress client() {
    return from().client();
  }

  Provenance from() {
    return request.getAttribute(FROM).orElse(Provenance.UNKNOWN);
  }

  public String variable(String name) {
    return variables.get(name);
  }

  public Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value).filter(value -> !value.isBlank());
  }

  /**
   * On whose behalf, as the caller says: {@code X-GoClaw-User-Id}. It is never required, and opens
   * nothing. One that is too long, or not one line, is as if absent.
   */
  public Optional<String> user() {
    return header(USER_HEADER)
        .map(String::strip)
        .filter(user -> user.length() <= MAX_USER)
        .filter(user -> user.chars().noneMatch(Character::isISOControl));
  }

  /** What the log of changes is to say of it; about what, its endpoint knows. */
  public AuditEntry entry(Action action, Instant at) {
    var entry = AuditEntry.of(action, principal.actor(), from().shown(), at);
    return user().map(user -> entry.with("user", user)).orElse(entry);
  }

  public Optional<String> query(String name) {
    return request.getUri().query().get(name);
  }

  /** What the query says, without control characters. */
  public Optional<String> line(String name) {
    return query(name)
        .map(
            text -> {
              if (text.chars().anyMatch(Character::isISOControl)) {
                throw new BadRequest(RequestProblems.field(name, Flaw.CONTROL_CHARACTERS));
              }
              return text;
            });
  }

  /** Whether the query says {@code true}; absent is {@code false}. */
  public boolean flag(String name) {
    return switch (query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadRequest(RequestProblems.field(name, Flaw.FLAG));
    };
  }

  /** A whole number of the query from {@code least} to {@code most}. */
  public int number(String name, int otherwise, int least, int most) {
    return query(name)
        .map(
            text -> {
              try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // falls through to the refusal
              }
              throw new BadRequest(RequestProblems.field(name, Flaw.whole(least, most)));
            })
        .orElse(otherwise);
  }
}
