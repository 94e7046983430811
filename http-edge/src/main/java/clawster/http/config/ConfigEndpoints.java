package clawster.http.config;

import static clawster.http.contract.Content.json;
import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.tableOf;
import static clawster.http.contract.Schema.text;

import clawster.http.contract.Schema;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.runtime.audit.Action;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.ConfigProblems;
import clawster.runtime.config.ConfigVersion;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.config.Setting;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Flaw;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /v1/config}, our own route over what GoClaw's dashboard does with {@code config.get} and
 * {@code config.patch}, in their words: a hash of what a change is meant for, and the document as
 * it is then.
 */
public final class ConfigEndpoints {

  private static final Chapter CONFIG =
      new Chapter(
          "Configuration",
          "What is set of the gateway, for all nodes of a cluster.",
          Dialect.GOCLAW);

  private static final Schema ANSWER =
      named(
          "Configuration",
          object(
              field("config", ConfigJson.DOCUMENT, "All settings, also those nobody has set"),
              field("hash", ConfigJson.HASH, "For a change that is meant for just this"),
              field("version", count(), "0 before the first change"),
              field("running", count(), "The version that the node goes by that was asked"),
              field("restart", flag(), "Whether that node must start anew to go by all of it"),
              field(
                  "fixed",
                  tableOf(text()),
                  "What that node's environment sets, and by which variable"),
              optional("ok", flag(), "Of a change")));

  private static final long BODY = 64 << 10;

  private final LiveConfig config;
  private final Clock clock;

  public ConfigEndpoints(LiveConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        CONFIG
            .get("/v1/config", Access.ADMIN, "Get what is set of the gateway")
            .answers(200, "The newest version", json(ANSWER))
            .refuses(ConfigProblems.UNREADABLE)
            .servedBy(this::get),
        CONFIG
            .patch("/v1/config", Access.ADMIN, "Change what is set of the gateway")
            .reads(
                object(
                    field("patch", ConfigJson.PATCH, "What changes; null sets back"),
                    optional("baseHash", text(), "The hash of what it is meant for")),
                BODY,
                """
                {"patch": {"gateway": {"allowed_origins": ["https://chat.example.org"]}}}\
                """)
            .answers(200, "It is stored, and this node goes by it", json(ANSWER))
            .refuses(ConfigProblems.ALL)
            .servedBy(this::patch)
            .recordsItselfAs(Action.CONFIG_PATCHED));
  }

  // GET /v1/config
  private CompletionStage<HttpResponse> get(Call call) {
    return config
        .latest()
        .thenApply(
            latest ->
                switch (latest) {
                  case LiveConfig.Latest.Of(var version) -> JsonAnswer.of(shown(version));
                  case LiveConfig.Latest.Unreadable _ ->
                      Refusals.response(Dialect.GOCLAW, ConfigProblems.UNREADABLE);
                });
  }

  // PATCH /v1/config
  private CompletionStage<HttpResponse> patch(Call call) {
    var body = JsonBody.object(call.body());
    var patch = body.child("patch").orElseThrow(() -> body.bad("patch", Flaw.REQUIRED));
    return config
        .patch(
            ConfigJson.changes(patch),
            body.text("baseHash"),
            call.entry(Action.CONFIG_PATCHED, clock.instant()))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case LiveConfig.Outcome.Changed(var version) ->
                      JsonAnswer.of(shown(version).put("ok", true));
                  case LiveConfig.Outcome.Refused(var problem) ->
                      Refusals.response(Dialect.GOCLAW, problem);
                });
  }

  private ObjectNode shown(ConfigVersion version) {
    var node = JsonNodeFactory.instance.objectNode();
    var document = node.putObject("config");
    var fixed = JsonNodeFactory.instance.objectNode();
    for (var setting : GatewaySettings.ALL) {
      ConfigJson.put(document, setting, inForce(setting, version.document()));
      if (config.fixed().has(setting)) {
        fixed.put(setting.name(), setting.variable());
      }
    }
    node.put("hash", version.document().hash());
    node.put("version", version.number());
    node.put("running", config.running().number());
    node.put("restart", config.needsStart(version.document()));
    node.set("fixed", fixed);
    return node;
  }

  private Object inForce(Setting<?> setting, ConfigDocument document) {
    return (config.fixed().has(setting) ? config.fixed() : document).plain(setting);
  }
}
