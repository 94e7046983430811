package clawster.runtime.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.runtime.models.ToolSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ToolRunnerTest {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void whatAToolSaysIsItsResult() {
    assertEquals(ToolResult.ok("noon"), run(Duration.ofMinutes(1), () -> ToolResult.ok("noon")));
  }

  @Test
  void aToolThatTakesTooLongIsInterruptedAndTimedOut() throws Exception {
    var begun = new AtomicBoolean();
    var interrupted = new CompletableFuture<Void>();
    Callable<ToolResult> waits =
        () -> {
          begun.set(true);
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.complete(null);
          }
          return ToolResult.ok("too late");
        };
    // One whose thread has not begun by then never begins.
    do {
      assertEquals(ToolResult.error("timed out"), run(Duration.ofMillis(20), waits));
    } while (!begun.get());
    interrupted.get(5, TimeUnit.SECONDS);
  }

  @Test
  void anErrorInAToolIsAResultToo() {
    var result =
        run(
            Duration.ofMinutes(1),
            () -> {
              throw new StackOverflowError();
            });
    assertFalse(result.ok());
    assertTrue(result.content().contains("StackOverflowError"), result::content);
  }

  @Test
  void whoeverIsInterruptedInterruptsTheTool() throws Exception {
    var begun = new CompletableFuture<Void>();
    var interrupted = new CompletableFuture<Void>();
    var caller =
        threads.submit(
            () ->
                run(
                    Duration.ofMinutes(1),
                    () -> {
                      begun.complete(null);
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.complete(null);
                      }
                      return ToolResult.ok("");
                    }));
    begun.get(5, TimeUnit.SECONDS);
    caller.cancel(true);
    interrupted.get(5, TimeUnit.SECONDS);
  }

  private ToolResult run(Duration deadline, Callable<ToolResult> body) {
    var tool =
        new Tool() {
          @Override
          public ToolSpec spec() {
            return new ToolSpec("some", "Does something.", "{}");
          }

          @Override
          public boolean idempotent() {
            return true;
          }

          @Override
          public ToolResult run(ToolContext context, String arguments) throws InterruptedException {
            try {
              return body.call();
            } catch (InterruptedException e) {
              throw e;
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        };
    return new ToolRunner(new Toolbox(List.of(tool)), threads, deadline)
        .run("some", new ToolContext("s", "c", Path.of("workspaces")), "{}");
  }
}
