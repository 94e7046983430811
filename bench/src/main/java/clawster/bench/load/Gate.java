package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What it costs to be let in: the same cheap call with and without a credential, with and without a
 * limit. Beside it, and called direct, is the call without; so it needs a node without a token,
 * where who shows nothing is let in too.
 */
record Gate() implements Row {

  private static final String TARGET = "added p50 ≤ 0.05 ms";
  private static final int KEYS = 100_000;
  private static final int CALLS = 20_000;
  private static final int FIRST_USES = 4_000;
  private static final int AT_ONCE = 16;

  /** So many are answered before an address is locked out. */
  private static final int GUESSES = 10;

  /** Of the form of a key, and none. */
  private static final String WRONG = "goclaw_00000000000000000000000000000000";

  /** Such a limit asks the database for each run. */
  private static final int EXACT_CALLS = 2_000;

  private static final String RATE = "rate_limit_rpm";
  private static final String ANSWERS = "answers_at_once";
  private static final String LOCK = "lock_loopback";

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    if (setting.node().isEmpty()) {
      return List.of(Measurement.missing(name(), TARGET, "no node"));
    }
    var node = setting.node().get();
    var keys = keys(node.endpoint(), setting.scaled(KEYS));
    int calls = setting.scaled(CALLS);
    var all = new ArrayList<Measurement>();
    var models = model(node.endpoint());
    figures(node, models, calls);
    var without = figures(node, models, calls);
    var one = model(node.endpoint().by(keys.getFirst()));
    all.add(beside("a known key, %d keys".formatted(keys.size()), node, one, calls, without));
    var fresh = keys.subList(1, Math.min(keys.size(), setting.scaled(FIRST_USES))).iterator();
    all.add(
        beside(
            "a key's first use",
            node,
            () -> model(node.endpoint().by(fresh.next())).get(),
            Math.min(keys.size(), setting.scaled(FIRST_USES)) - 1,
            without));
    all.addAll(limits(node, calls));
    set(node, LOCK, "true");
    Supplier<Call> wrong = () -> Call.answered(node.endpoint().by(WRONG).get("/v1/models"), 401);
    figures(node, wrong, GUESSES);
    Supplier<Call> refused = () -> Call.answered(node.endpoint().by(WRONG).get("/v1/models"), 429);
    all.add(beside("a wrong key, locked out", node, refused, calls, without));
    set(node, LOCK, "null");
    return all;
  }

  /** Of what is refused as soon as it has passed the limit. */
  private static List<Measurement> limits(Subject node, int calls)
      throws IOException, InterruptedException {
    Supplier<Call> chat = () -> Call.answered(node.endpoint().emptyChat(), 400);
    figures(node, chat, calls);
    var without = figures(node, chat, calls);
    var all = new ArrayList<Measurement>();
    set(node, RATE, "600000");
    all.add(beside("with " + RATE, node, chat, calls, without));
    set(node, RATE, "null");
    all.add(atOnce(node, Math.min(calls, EXACT_CALLS)));
    return all;
  }

  /** Only a run that begins takes a place. */
  private static Measurement atOnce(Subject node, int calls)
      throws IOException, InterruptedException {
    Supplier<Call> turn = () -> Turns.turn(node.endpoint(), Turns.newUser());
    figures(node, turn, calls);
    var without = figures(node, turn, calls);
    set(node, ANSWERS, "10000");
    var measured = beside("a first turn, with " + ANSWERS, node, turn, calls, without);
    set(node, ANSWERS, "null");
    return measured;
  }

  private static Supplier<Call> model(Endpoint endpoint) {
    return () -> Call.answered(endpoint.get("/v1/models"), 200);
  }

  private static Measurement beside(
      String what, Subject node, Supplier<Call> call, int calls, Map<String, Double> without)
      throws IOException {
    return new Measurement("gate, " + what, TARGET, figures(node, call, calls), without, "");
  }

  /** One at a time, so that it is the way and not the queue that is measured. */
  private static Map<String, Double> figures(Subject node, Supplier<Call> call, int calls)
      throws IOException {
    Iterator<Call> plan = Stream.generate(call).limit(calls).iterator();
    var load = Load.on(node, List.of(plan), Duration.ZERO);
    var figures = load.figures(calls);
    var took = load.milliseconds();
    figures.put("p50 ms", took.median());
    figures.put("p99 ms", took.at(0.99));
    load.cpu().putPer("call", load.calls().size(), figures);
    figures.put("noise %", load.noisePercent());
    return figures;
  }

  private static void set(Subject node, String setting, String value)
      throws IOException, InterruptedException {
    var patch = "{\"patch\":{\"gateway\":{\"%s\":%s}}}".formatted(setting, value);
    Web.send(node.endpoint(), "PATCH", "/v1/config", patch);
  }

  private static List<String> keys(Endpoint endpoint, int many)
      throws IOException, InterruptedException {
    Callable<String> make =
        () ->
            Web.send(
                    endpoint,
                    "POST",
                    "/v1/api-keys",
                    "{\"name\":\"bench\",\"scopes\":[\"operator.read\"]}")
                .at("/key")
                .asText();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var secrets = new ArrayList<String>(many);
      for (var made : threads.invokeAll(IntStream.range(0, many).mapToObj(_ -> make).toList())) {
        secrets.add(made.get());
      }
      return secrets;
    } catch (ExecutionException e) {
      throw new IOException("no key was made", e.getCause());
    }
  }
}
