package clawster.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run is streamed by one node and aborted by way of another. */
record AbortElsewhere() implements Row {

  private static final int REPEATS = 30;
  private static final String ENDLESS = "[[fake tokens=10000 delay=20]]";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "abort-elsewhere";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    var took = new Samples();
    var upstream = setting.upstream().endpoint();
    int missed = 0;
    try (var herd = Herd.launch(setting, 3, Map.of())) {
      for (int repeat = 0; repeat < setting.scaled(REPEATS); repeat++) {
        var user = Turns.newUser();
        var before = aborted(upstream);
        try (var stream = speaking(herd.endpoint(repeat % 3), user)) {
          var asked = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
          var key = URLEncoder.encode("agent:default:openai-user:" + user, StandardCharsets.UTF_8);
          Web.post(herd.endpoint((repeat + 1) % 3), "/v1/sessions/" + key + "/abort");
          var closed = awaitAbort(upstream, before);
          closed.ifPresent(at -> took.add(Math.max(0, at - asked) / 1e3));
          missed += closed.isPresent() && !stream.isClosed() ? 0 : 1;
        }
      }
    }
    var figures = new LinkedHashMap<String, Double>();
    figures.put("FAILED aborts", (double) missed);
    figures.put("p50 ms", took.median());
    figures.put("max ms", took.at(1));
    return List.of(new Measurement("abort from another node", "≤ 100 ms", figures, Map.of(), ""));
  }

  /** A stream that has brought its third token. */
  private static Socket speaking(Endpoint endpoint, String user) throws IOException {
    var socket = new Socket();
    socket.connect(endpoint.address());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(endpoint.chat(Optional.of(user), ENDLESS, true));
    var call = new Call(new byte[0], 3);
    var reader = new ResponseReader(call);
    var bytes = new byte[8192];
    while (call.tokens() < 3) {
      var count = socket.getInputStream().read(bytes);
      if (count < 0) {
        throw new IOException("the stream ended before its third token");
      }
      reader.read(bytes, count, System.nanoTime());
    }
    return socket;
  }

  private static long aborted(Endpoint upstream) throws IOException, InterruptedException {
    return Web.json(upstream, "/__stats").path("aborted").asLong();
  }

  private static Optional<Long> awaitAbort(Endpoint upstream, long before)
      throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var stats = Web.json(upstream, "/__stats");
      if (stats.path("aborted").asLong() > before) {
        return Optional.of(stats.path("lastAbortAtMicros").asLong());
      }
      Thread.sleep(5);
    }
    return Optional.empty();
  }
}
