package clawster.http.config;

import clawster.http.kernel.Call;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Refusals;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.ConfigProblems;
import clawster.runtime.config.ConfigVersion;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.config.Setting;
import clawster.runtime.identity.Access;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /v1/config}, our own route over what GoClaw's dashboard does with {@code config.get} and
 * {@code config.patch}, in their words: a hash of what a change is meant for, and the document as
 * it is then.
 */
public final class ConfigEndpoints {

  private static final long BODY = 64 << 10;

  private final LiveConfig config;

  public ConfigEndpoints(LiveConfig config) {
    this.config = config;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethods.GET,
            "/v1/config",
            "What is set of the gateway",
            Dialect.GOCLAW,
            Access.ADMIN,
            0,
            this::get),
        new Endpoint(
            HttpMethods.PATCH,
            "/v1/config",
            "Change what is set of the gateway",
            Dialect.GOCLAW,
            Access.ADMIN,
            BODY,
            this::patch));
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
    var patch = body.child("patch").orElseThrow(() -> body.bad("patch", "is required"));
    return config
        .patch(ConfigJson.changes(patch), body.text("baseHash"), call.principal().id())
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
    var node = ConfigJson.object();
    var document = node.putObject("config");
    var fixed = ConfigJson.object();
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
