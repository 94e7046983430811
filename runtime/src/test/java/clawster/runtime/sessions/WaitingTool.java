package clawster.runtime.sessions;

import clawster.runtime.models.ToolSpec;
import clawster.runtime.tools.Tool;
import clawster.runtime.tools.ToolContext;
import clawster.runtime.tools.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** A tool that is done when a test says so. */
final class WaitingTool implements Tool {

  final List<Path> workspaces = new CopyOnWriteArrayList<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  final CompletableFuture<Void> called = new CompletableFuture<>();
  final CompletableFuture<Void> interrupted = new CompletableFuture<>();
  final CompletableFuture<ToolResult> result = new CompletableFuture<>();
  private final String name;
  private final boolean idempotent;

  WaitingTool(String name, boolean idempotent) {
    this.name = name;
    this.idempotent = idempotent;
  }

  WaitingTool done(String content) {
    result.complete(ToolResult.ok(content));
    return this;
  }

  @Override
  public ToolSpec spec() {
    return new ToolSpec(name, "Waits.", "{\"type\":\"object\"}");
  }

  @Override
  public boolean idempotent() {
    return idempotent;
  }

  @Override
  public ToolResult run(ToolContext context, String arguments) throws InterruptedException {
    workspaces.add(context.workspace());
    calls.add(context.callId() + " " + arguments);
    called.complete(null);
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      interrupted.complete(null);
      throw e;
    }
  }
}
