package clawster.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes. Runs on the loop's thread only. */
final class Site {

  private static final List<String> MODELS = List.of("fake-1", "fake-2", "fake-embed");
  private static final byte[] BROKEN = "{\"id\": broken".getBytes(StandardCharsets.US_ASCII);
  private static final int KEPT_REQUESTS = 20;
  private static final Wire OPENAI = new OpenAiWire();
  private static final Wire ANTHROPIC = new AnthropicWire();

  private final Counters counters;
  private final Map<String, Integer> failures = new HashMap<>();
  private final Deque<Request> newest = new ArrayDeque<>();

  Site(Counters counters) {
    this.counters = counters;
  }

  Reply reply(Request request) {
    return switch (request.method() + " " + request.path()) {
      case "POST /v1/chat/completions" -> completion(OPENAI, request);
      case "POST /v1/messages" -> completion(ANTHROPIC, request);
      case "GET /v1/models" -> models();
      case "GET /__health" -> Reply.Whole.json(200, Json.bytes(Json.object().put("ok", true)));
      case "GET /__stats" -> Reply.Whole.json(200, Json.bytes(counters.json()));
      case "GET /__last" -> last(request.queryNumber("n", 5));
      case "POST /__reset" -> reset();
      default -> Reply.Whole.json(404, OPENAI.error(404, "no such path: " + request.path()));
    };
  }

  private Reply completion(Wire wire, Request request) {
    keep(request);
    return Json.read(request.body())
        .filter(body -> body.isObject())
        .map(
            body -> {
              var conversation = wire.conversation(body);
              counters.maxMessages = Math.max(counters.maxMessages, conversation.messages().size());
              var script = Script.of(conversation);
              if (script.hangs()) {
                return new Reply.Silence();
              }
              if (fails(script)) {
                return failure(wire, script);
              }
              return body.path("stream").asBoolean()
                  ? stream(wire.stream(body, script), script)
                  : whole(script, wire.whole(body, script));
            })
        .orElseGet(() -> Reply.Whole.json(400, wire.error(400, "the body is not a JSON object")));
  }

  private boolean fails(Script script) {
    if (script.error() == 0 || script.failures() == 0) {
      return script.error() != 0;
    }
    return failures.merge(script.failureKey(), 1, Integer::sum) <= script.failures();
  }

  private Reply failure(Wire wire, Script script) {
    counters.errors++;
    var status = script.error();
    var headers =
        status == 429 || status == 503 ? "retry-after: " + script.retryAfter() + "\r\n" : "";
    return new Reply.Whole(
        script.firstAfter(), status, headers, wire.error(status, "scripted error " + status));
  }

  private Reply stream(Frames frames, Script script) {
    counters.streams++;
    return new Reply.Stream(frames, script);
  }

  private Reply whole(Script script, byte[] body) {
    var after = script.firstAfter().plus(script.apart().multipliedBy(script.answer().tokens()));
    if (script.cutAt() >= 0) {
      counters.cuts++;
      return new Reply.Cut(after);
    }
    counters.tokens += script.answer().tokens();
    return new Reply.Whole(after, 200, "", script.badAt() >= 0 ? BROKEN : body);
  }

  private static Reply models() {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    for (var model : MODELS) {
      data.addObject()
          .put("id", model)
          .put("object", "model")
          .put("created", 1_700_000_000)
          .put("owned_by", "scripted");
    }
    return Reply.Whole.json(200, Json.bytes(list));
  }

  private void keep(Request request) {
    newest.addLast(request);
    if (newest.size() > KEPT_REQUESTS) {
      newest.removeFirst();
    }
  }

  /** The last n requests, oldest first, as they came. */
  private Reply last(int wanted) {
    var kept = new ArrayList<>(newest);
    var shown = new ArrayList<Map<String, Object>>();
    for (var request : kept.subList(Math.max(0, kept.size() - wanted), kept.size())) {
      shown.add(
          Map.of(
              "path", request.target(),
              "headers", request.headers(),
              "body", Json.read(request.body()).orElseGet(Json::object)));
    }
    return Reply.Whole.json(200, Json.bytes(shown));
  }

  private Reply reset() {
    counters.reset();
    failures.clear();
    newest.clear();
    return new Reply.Whole(Duration.ZERO, 200, "", Json.bytes(Json.object().put("ok", true)));
  }
}
