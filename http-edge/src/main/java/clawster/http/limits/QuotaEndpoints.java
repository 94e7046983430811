package clawster.http.limits;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Parameter.query;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.whole;

import clawster.http.contract.Field;
import clawster.http.contract.Schema;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.RequestProblems;
import clawster.runtime.identity.Access;
import clawster.runtime.limits.Quota;
import clawster.runtime.limits.Quotas;
import clawster.runtime.limits.RunCounts;
import clawster.runtime.limits.Span;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /v1/quota/usage}, our own route over what GoClaw's dashboard asks {@code quota.usage}. */
public final class QuotaEndpoints {

  private static final Chapter QUOTAS =
      new Chapter("Quotas", "How many runs callers begin, and may begin.", Dialect.GOCLAW);

  private static final Schema USAGE =
      named(
          "QuotaUsage",
          object(
              field("enabled", flag(), "Whether a quota is set; without one nothing is counted"),
              field("requestsToday", count(), "Runs since midnight, UTC"),
              field("uniqueUsersToday", count(), "Callers who began them"),
              field("entries", listOf(object(entry())), "The busiest of the week first")));

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;

  /** It reads a week of everybody; so it is read once for all who look at it. */
  private static final Duration SHOWN = Duration.ofSeconds(3);

  private final Quotas quotas;
  private final AsyncCache<Integer, RunCounts.Usage> read =
      Caffeine.newBuilder().maximumSize(1).expireAfterWrite(SHOWN).buildAsync();

  public QuotaEndpoints(Quotas quotas) {
    this.quotas = quotas;
  }

  private static Field[] entry() {
    var who =
        Stream.of(
            field("userId", text(), "A key, a device, a user or an address"),
            field("kind", text(), "Which of them: api_key, device, user, address or gateway"));
    var spans =
        Stream.of(Span.values())
            .map(
                span ->
                    field(
                        key(span),
                        object(field("used", count()), field("limit", count(), "0 for none")),
                        "Within the last %d hours".formatted(span.hours())));
    return Stream.concat(who, spans).toArray(Field[]::new);
  }

  private static String key(Span span) {
    return span.name().toLowerCase(Locale.ROOT);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        QUOTAS
            .get("/v1/quota/usage", Access.READ, "Show who has used how much of their quota")
            .takes(
                query(
                    "limit",
                    whole(1, MAX_LIMIT),
                    "How many callers at most; %d if it is absent".formatted(DEFAULT_LIMIT)))
            .answers(200, "As all nodes count it, or did seconds ago", json(USAGE))
            .refuses(RequestProblems.FIELD)
            .servedBy(this::usage));
  }

  // GET /v1/quota/usage
  private CompletionStage<HttpResponse> usage(Call call) {
    var quota = quotas.quota();
    int most = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    return read.get(MAX_LIMIT, (all, _) -> quotas.usage(all).toCompletableFuture())
        .thenApply(usage -> JsonAnswer.of(shown(quota, usage, most)));
  }

  private static ObjectNode shown(Quota quota, RunCounts.Usage usage, int most) {
    var root = JsonNodeFactory.instance.objectNode();
    root.put("enabled", quota.isSet());
    root.put("requestsToday", usage.today());
    root.put("uniqueUsersToday", usage.callersToday());
    var entries = root.putArray("entries");
    usage.callers().stream().limit(most).forEach(used -> entries.add(entry(quota, used)));
    return root;
  }

  private static ObjectNode entry(Quota quota, RunCounts.Used used) {
    var asker = Asker.named(used.name());
    var node = JsonNodeFactory.instance.objectNode();
    node.put("userId", asker.id()).put("kind", asker.kind());
    for (var span : Span.values()) {
      node.putObject(key(span)).put("used", used.of(span)).put("limit", quota.most(span));
    }
    return node;
  }
}
