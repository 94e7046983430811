package clawster.runtime.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RepeatingTest {

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final LinkedBlockingQueue<CompletableFuture<Done>> asked = new LinkedBlockingQueue<>();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private CompletionStage<Done> work() {
    var work = new CompletableFuture<Done>();
    asked.add(work);
    return work;
  }

  private CompletableFuture<Done> next() throws InterruptedException {
    CompletableFuture<Done> work = null;
    while (work == null) {
      time.timePasses(EVERY);
      work = asked.poll(20, TimeUnit.MILLISECONDS);
    }
    return work;
  }

  @Test
  void itIsDoneAtOnceAndAgainHoweverItEndsButNeverTwiceAtATime() throws Exception {
    var actor = KIT.spawn(Repeating.create("work", this::work, EVERY));
    var all = new ArrayList<CompletableFuture<Done>>(List.of(next()));
    time.timePasses(EVERY.multipliedBy(10));
    assertEquals(0, asked.size(), "it has not ended yet");
    all.getLast().completeExceptionally(new IllegalStateException("away"));
    all.add(next());
    all.getLast().complete(Done.getInstance());
    all.add(next());
    assertEquals(3, all.size());
    KIT.stop(actor);
  }
}
