package clawster.node;

import clawster.cluster.Standing;
import clawster.http.kernel.Departure;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Operation;
import clawster.http.limits.AnswerLimits;
import clawster.runtime.agents.Agents;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The list a node serves, to be read; nothing of it can be called. */
public final class Served {

  private Served() {}

  static List<Endpoint> endpoints() {
    var clock = Clock.systemUTC();
    var agents = Agents.of(List.of());
    return Routes.of(
            Settings.read(Settings.DEFAULT_BIND, 0, Path.of("unused"), Map.of()),
            new Edge(
                null,
                null,
                agents,
                null,
                null,
                null,
                null,
                null,
                null,
                AnswerLimits.NONE,
                null,
                null,
                null,
                new Standing(Duration.ofSeconds(2)),
                new Departure(),
                null,
                clock))
        .all();
  }

  public static List<Operation> operations() {
    return endpoints().stream().map(Endpoint::operation).toList();
  }
}
