package clawster.faults;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an edge asks of a session arrives twice. Each message comes over another node than the one
 * before, so that whichever has the session, some of what it is asked crosses a link, and links are
 * slow.
 */
@Tag("faults")
@Timeout(120)
final class RepeatedTest {

  private static final int SESSIONS = 4;
  private static final int MESSAGES = 4;

  static List<Op> messages(Cluster cluster) {
    cluster.peers().all(new FaultMode.Delay(Duration.ofMillis(30)));
    return IntStream.range(0, SESSIONS * MESSAGES)
        .mapToObj(
            i ->
                Sender.once(
                    cluster.node(1 + i % MESSAGES % cluster.nodes().size()),
                    "agent:default:repeated-" + i / MESSAGES,
                    1 + i % MESSAGES,
                    "[[fake tokens=20 delay=5]]"))
        .toList();
  }

  @Test
  void f50ARepeatedSubmitIsKnownByItsRun() {
    var setup = Cluster.of(2).twice("clawster.runtime.sessions.Sessions", "ask", 3);
    try (var cluster = setup.start()) {
      Trial.of("F50 repeated", cluster, messages(cluster))
          .mustBeClean()
          .mustAcknowledge(SESSIONS * MESSAGES);
    }
  }
}
