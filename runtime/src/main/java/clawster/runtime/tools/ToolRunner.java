package clawster.runtime.tools;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls of tools. Whatever a tool does, there is a result by its deadline: one that ignores
 * its interruption is left behind.
 */
public final class ToolRunner {

  private final Toolbox toolbox;
  private final ExecutorService blocking;
  private final Duration deadline;

  /**
   * @param blocking one thread for each call
   */
  public ToolRunner(Toolbox toolbox, ExecutorService blocking, Duration deadline) {
    this.toolbox = toolbox;
    this.blocking = blocking;
    this.deadline = deadline;
  }

  /** Waits for the tool; interrupted, it interrupts the tool. */
  public ToolResult run(String name, ToolContext context, String arguments) {
    var tool = toolbox.find(name);
    if (tool.isEmpty()) {
      return ToolResult.error("there is no tool named " + name);
    }
    var task = blocking.submit(() -> tool.get().run(context, arguments));
    try {
      return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return ToolResult.error("timed out");
    } catch (InterruptedException e) {
      return ToolResult.error("cancelled");
    } catch (ExecutionException e) {
      return e.getCause() instanceof InterruptedException
          ? ToolResult.error("cancelled")
          : ToolResult.error("the tool failed: " + e.getCause());
    } finally {
      task.cancel(true);
    }
  }
}
