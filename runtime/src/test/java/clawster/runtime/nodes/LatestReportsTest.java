package clawster.runtime.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.nodes.NodeReport.Leaving;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LatestReportsTest {

  private static final Set<String> BOTH = Set.of("a", "b");

  private final LatestReports reports = new LatestReports();

  static NodeReport report(String node, String id, String url, Leaving leaving) {
    return new NodeReport(
        node,
        id,
        node,
        url,
        "",
        leaving,
        0,
        0,
        Set.of(),
        UnreadableSessions.Told.NONE,
        0,
        0,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static Instant at(long millis) {
    return Instant.EPOCH.plusMillis(millis);
  }

  private void says(String node, Leaving leaving, long at) {
    reports.put(report(node, "1", "http://" + node, leaving), at(at));
  }

  @Test
  void whoHasSaidNothingForLongIsForgotten() {
    says("a", Leaving.NO, 0);
    says("b", Leaving.NO, 5_000);
    assertEquals(BOTH, reports.all().keySet());
    says("b", Leaving.NO, 5_001);
    assertEquals(Set.of("b"), reports.all().keySet());
    assertFalse(reports.anyStaysWithout("b", BOTH));
  }

  @Test
  void onlyWhoServesAndIsReachableAndDoesNotLeaveStays() {
    says("a", Leaving.NO, 0);
    assertFalse(reports.anyStaysWithout("a", BOTH), "itself");
    reports.put(report("b", "1", "", Leaving.NO), at(1));
    assertFalse(reports.anyStaysWithout("a", BOTH), "serves nobody");
    says("b", Leaving.QUIETLY, 2);
    assertFalse(reports.anyStaysWithout("a", BOTH), "leaves");
    says("b", Leaving.NO, 3);
    assertTrue(reports.anyStaysWithout("a", BOTH));
    assertFalse(reports.anyStaysWithout("a", Set.of("a")), "cannot be reached");
  }

  @Test
  void whoWasAskedToLeaveDoesNotStayWhateverItsReportOnTheWaySays() {
    says("a", Leaving.NO, 0);
    says("b", Leaving.NO, 0);
    reports.ask("a", at(1));
    assertEquals(Leaving.QUIETLY, reports.all().get("a").leaving());
    assertFalse(reports.anyStaysWithout("b", BOTH));
    says("a", Leaving.NO, 2);
    assertFalse(reports.anyStaysWithout("b", BOTH));
    says("a", Leaving.NOW, 3);
    assertEquals(Leaving.NOW, reports.all().get("a").leaving());
  }

  @Test
  void whoGoesOnSayingThatItStaysIsBelieved() {
    says("a", Leaving.NO, 0);
    reports.ask("a", at(1));
    says("a", Leaving.NO, 5_001);
    assertEquals(Leaving.QUIETLY, reports.all().get("a").leaving());
    says("a", Leaving.NO, 5_002);
    assertEquals(Leaving.NO, reports.all().get("a").leaving());
  }

  @Test
  void aNewNodeAtTheSameAddressWasAskedNothing() {
    says("a", Leaving.NO, 0);
    reports.ask("a", at(1));
    reports.put(report("a", "2", "http://a", Leaving.NO), at(2));
    assertEquals(Leaving.NO, reports.all().get("a").leaving());
  }
}
