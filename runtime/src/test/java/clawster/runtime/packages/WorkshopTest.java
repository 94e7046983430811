package clawster.runtime.packages;

import static clawster.runtime.packages.DesiredPackagesContract.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.packages.Outcome;
import clawster.runtime.packages.Packages.Presence;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a workshop is closed while somebody works in it. */
@Timeout(30)
final class WorkshopTest {

  private static final Declaration SIX =
      new Declaration(1, spec("pip:six"), Presence.INSTALLED, false);

  private final ScriptedInstaller pip = new ScriptedInstaller(PackageKind.PIP);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void whatIsInterruptedHasEndedBeforeItIsClosed() throws Exception {
    var order = new CopyOnWriteArrayList<String>();
    var workshop = new Workshop(List.of(pip), List::of);
    var closing =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  workshop.close();
                  order.add("closed");
                });
    pip.then(
        (_, _) -> {
          begun.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            // It takes as long as it takes: until whoever closes waits, or is through.
            while (closing.getState() == Thread.State.RUNNABLE) {
              Thread.onSpinWait();
            }
          }
          order.add("ended");
          return new Outcome.Unknown("interrupted");
        });
    workshop.bringAbout(SIX, _ -> {});
    begun.await();
    closing.start();
    closing.join();
    assertEquals(List.of("ended", "closed"), order);
  }
}
