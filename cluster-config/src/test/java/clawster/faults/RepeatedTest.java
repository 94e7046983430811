package clawster.faults;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an edge asks of a session arrives twice. */
@Tag("faults")
@Timeout(120)
final class RepeatedTest {

  static List<Op> threeMessages(Cluster cluster) {
    return IntStream.rangeClosed(1, 3)
        .mapToObj(
            number ->
                Sender.once(
                    cluster.node(1),
                    "agent:default:repeated",
                    number,
                    "[[fake tokens=20 delay=5]]"))
        .toList();
  }

  @Test
  void f50ARepeatedSubmitIsKnownByItsRun() {
    var setup = Cluster.of(1).twice("clawster.runtime.sessions.Sessions", "ask", 3);
    try (var cluster = setup.start()) {
      Trial.of("F50 repeated", cluster, threeMessages(cluster)).mustBeClean().mustAcknowledge(3);
    }
  }
}
