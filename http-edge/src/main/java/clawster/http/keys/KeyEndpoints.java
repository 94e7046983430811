package clawster.http.keys;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Parameter.path;
import static clawster.http.contract.Parameter.query;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.whole;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Draft;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.ApiKeys;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Ids;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * {@code /v1/api-keys}, in the shapes of GoClaw's document on its HTTP API and of its dashboard. A
 * key is revoked by {@code DELETE} too, as its command line asks for it.
 */
public final class KeyEndpoints {

  private static final Chapter KEYS =
      new Chapter("API keys", "Who else may come in, and what they may do.", Dialect.GOCLAW);

  private static final int MAX_NAME = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_OFFSET = 10_000_000;
  private static final Duration LONGEST = Duration.ofDays(3_660);
  private static final long BODY = 64 << 10;

  private final ApiKeys keys;
  private final Clock clock;

  public KeyEndpoints(ApiKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        KEYS.get("/v1/api-keys", Access.ADMIN, "List all API keys (masked)")
            .takes(
                query(
                    "limit",
                    whole(1, MAX_LIMIT),
                    "How many at most; %d if it is absent".formatted(MAX_LIMIT)),
                query("offset", whole(0, MAX_OFFSET), "How many to pass over"))
            .answers(200, "The newest first", json(listOf(KeyJson.KEY)))
            .refuses(RequestProblems.FIELD)
            .servedBy(this::list),
        KEYS.post("/v1/api-keys", Access.ADMIN, "Create an API key; its secret is said once")
            .reads(
                object(
                    field("name", text(1, MAX_NAME), "What people call it"),
                    field("scopes", listOf(KeyJson.SCOPE, 1, Schema.ENDLESS), "What it may do"),
                    optional("expires_in", whole(1, LONGEST.toSeconds()), "Seconds")),
                BODY,
                """
                {"name": "ci", "scopes": ["operator.write"], "expires_in": 2592000}\
                """)
            .answers(201, "The key, this once", json(KeyJson.MADE))
            .refuses(IdentityProblems.BEYOND_SCOPES)
            .servedBy(this::create)
            .recordsItselfAs(Action.API_KEY_CREATED),
        revoking(KEYS.post("/v1/api-keys/{id}/revoke", Access.ADMIN, "Revoke an API key")),
        revoking(KEYS.delete("/v1/api-keys/{id}", Access.ADMIN, "Revoke an API key")));
  }

  private Endpoint revoking(Draft draft) {
    return draft
        .takes(path("id", uuid(), "The key's"))
        .answers(
            200,
            "It is revoked, and may have been",
            json(object(field("status", words("revoked")))))
        .refuses(RequestProblems.FIELD, IdentityProblems.NO_SUCH_KEY)
        .servedBy(this::revoke)
        .recordsItselfAs(Action.API_KEY_REVOKED);
  }

  // GET /v1/api-keys
  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", MAX_LIMIT, 1, MAX_LIMIT);
    int offset = call.number("offset", 0, 0, MAX_OFFSET);
    return keys.list(limit, offset)
        .thenApply(
            all -> {
              var array = JsonNodeFactory.instance.arrayNode();
              all.forEach(key -> array.add(KeyJson.listed(key)));
              return JsonAnswer.of(array);
            });
  }

  // POST /v1/api-keys
  private CompletionStage<HttpResponse> create(Call call) {
    var body = JsonBody.object(call.body());
    var secret = KeySecret.next();
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var key =
        new ApiKey(
            Ids.next(),
            name(body),
            secret.prefix(),
            scopes(body, call.principal().scopes()),
            body.whole("expires_in", 1, LONGEST.toSeconds()).map(now::plusSeconds),
            Optional.empty(),
            Optional.empty(),
            call.principal().id(),
            now);
    return keys.add(key, secret, entry(call, key))
        .thenApply(_ -> JsonAnswer.of(KeyJson.made(key, secret)).withStatus(StatusCodes.CREATED));
  }

  private static AuditEntry entry(Call call, ApiKey key) {
    var scopes = key.scopes().stream().sorted().map(Scope::wireName);
    return call.entry(Action.API_KEY_CREATED, key.created())
        .about(key.id().toString())
        .with("name", key.name())
        .with("prefix", key.prefix())
        .with("scopes", scopes.collect(Collectors.joining(" ")));
  }

  private static String name(JsonBody body) {
    var name =
        body.line("name").map(String::strip).orElseThrow(() -> body.bad("name", Flaw.REQUIRED));
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw body.bad("name", Flaw.length(1, MAX_NAME));
    }
    return name;
  }

  /** Of those that whoever makes the key has. */
  private static Set<Scope> scopes(JsonBody body, Set<Scope> most) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (var name : body.texts("scopes")) {
      scopes.add(Scope.of(name).orElseThrow(() -> body.bad("scopes", Flaw.unknown(name))));
    }
    if (scopes.isEmpty()) {
      throw body.bad("scopes", Flaw.of("none"));
    }
    if (!most.contains(Scope.ADMIN) && !most.containsAll(scopes)) {
      throw new BadRequest(IdentityProblems.BEYOND_SCOPES);
    }
    return scopes;
  }

  // POST /v1/api-keys/{id}/revoke
  private CompletionStage<HttpResponse> revoke(Call call) {
    var id = id(call.variable("id"));
    var now = clock.instant();
    return keys.revoke(id, now, call.entry(Action.API_KEY_REVOKED, now).about(id.toString()))
        .thenApply(
            found ->
                found
                    ? JsonAnswer.of(JsonNodeFactory.instance.objectNode().put("status", "revoked"))
                    : Refusals.response(
                        Dialect.GOCLAW,
                        IdentityProblems.NO_SUCH_KEY.with("id", call.variable("id"))));
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new BadRequest(RequestProblems.field("id", Flaw.of("uuid")));
    }
  }
}
