package clawster.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Kept sessions, ten turns each, so many at a time. */
record Turns() implements Row {

  private static final int TOKENS = 16;
  static final int PER_SESSION = 10;
  private static final int WARM_UP_SESSIONS = 1_500;
  private static final AtomicInteger USERS = new AtomicInteger();

  private enum Size {
    ONE(1, 150, "added p50 ≤ 4 ms; ≤ 1 ms CPU"),
    EIGHT(8, 400, "≥ 1 000 turns/s; ≤ 1 ms CPU"),
    SIXTY_FOUR(64, 1_000, "added p99 ≤ 50 ms; ≤ 1 ms CPU");

    private final int concurrent;
    private final int sessions;
    private final String target;

    Size(int concurrent, int sessions, String target) {
      this.concurrent = concurrent;
      this.sessions = sessions;
      this.target = target;
    }
  }

  @Override
  public String name() {
    return "turns";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
    for (var subject :
        Stream.concat(Stream.of(setting.upstream()), setting.node().stream()).toList()) {
      Load.on(subject, callers(subject, 8, setting.scaled(WARM_UP_SESSIONS)), Duration.ZERO);
    }
    var measurements = new ArrayList<Measurement>();
    for (var size : Size.values()) {
      var sessions = Math.max(size.concurrent, setting.scaled(size.sessions));
      measurements.addAll(
          Beside.measure(
              "turns, %d at a time".formatted(size.concurrent),
              size.target,
              setting,
              subject -> figures(subject, size.concurrent, sessions)));
    }
    return measurements;
  }

  private static Map<String, Double> figures(Subject subject, int concurrent, int sessions)
      throws IOException {
    var load = Load.on(subject, callers(subject, concurrent, sessions), Duration.ZERO);
    var turns = (long) sessions * PER_SESSION;
    var figures = load.figures(turns);
    var took = load.milliseconds();
    figures.put("turns/s", load.calls().size() / load.seconds());
    figures.put("p50 ms", took.median());
    figures.put("p99 ms", took.at(0.99));
    figures.put("noise %", load.noisePercent());
    load.cpu().putPer("turn", load.calls().size(), figures);
    return figures;
  }

  /** Callers share the sessions out as they go; the turns of one session stay with one caller. */
  static List<Iterator<Call>> callers(Subject subject, int concurrent, int sessions) {
    var users = IntStream.range(0, sessions).mapToObj(_ -> newUser()).iterator();
    return IntStream.range(0, concurrent)
        .<Iterator<Call>>mapToObj(_ -> new SessionAfterSession(subject.endpoint(), users))
        .toList();
  }

  static String newUser() {
    return Setting.user("turns", USERS.incrementAndGet());
  }

  static Call turn(Endpoint endpoint, String user) {
    return new Call(
        endpoint.chat(Optional.of(user), "[[fake tokens=" + TOKENS + "]]", false), TOKENS);
  }

  private static final class SessionAfterSession implements Iterator<Call> {

    private final Endpoint endpoint;
    private final Iterator<String> users;
    private String user = "";
    private int turnsLeft;

    SessionAfterSession(Endpoint endpoint, Iterator<String> users) {
      this.endpoint = endpoint;
      this.users = users;
    }

    @Override
    public boolean hasNext() {
      return turnsLeft > 0 || users.hasNext();
    }

    @Override
    public Call next() {
      if (turnsLeft == 0) {
        user = users.next();
        turnsLeft = PER_SESSION;
      }
      turnsLeft--;
      return turn(endpoint, user);
    }
  }
}
