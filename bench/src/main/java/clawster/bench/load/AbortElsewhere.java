package clawster.bench.load;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run is streamed by one node and aborted by way of another. */
record AbortElsewhere() implements Row {

  private static final int REPEATS = 30;

  @Override
  public String name() {
    return "abort-elsewhere";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    var took = new Samples();
    var aborts = new UpstreamAborts(setting.upstream().endpoint());
    int missed = 0;
    try (var herd = Herd.launch(setting, 3, Map.of())) {
      for (int repeat = 0; repeat < setting.scaled(REPEATS); repeat++) {
        var user = Turns.newUser();
        var before = aborts.count();
        try (var _ = Endless.at(herd.endpoint(repeat % 3), Optional.of(user))) {
          var asked = Instant.now();
          var key = URLEncoder.encode("agent:default:openai-user:" + user, StandardCharsets.UTF_8);
          Web.post(herd.endpoint((repeat + 1) % 3), "/v1/sessions/" + key + "/abort");
          var closed = aborts.awaitNext(before, asked);
          closed.ifPresent(took::add);
          missed += closed.isEmpty() ? 1 : 0;
        }
      }
    }
    var figures = new LinkedHashMap<String, Double>();
    figures.put("FAILED aborts", (double) missed);
    figures.put("p50 ms", took.median());
    figures.put("max ms", took.at(1));
    return List.of(new Measurement("abort from another node", "≤ 100 ms", figures, Map.of(), ""));
  }
}
