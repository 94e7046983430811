package clawster.faults;

import clawster.runtime.models.ToolSpec;
import clawster.runtime.tools.Tool;
import clawster.runtime.tools.ToolContext;
import clawster.runtime.tools.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A tool whose effect can be counted afterwards: a line with its call id at the end of a file. One
 * short write to a file opened for appending is whole or not there.
 */
record LedgerTool(String name, boolean idempotent) implements Tool {

  /** Where a node's tools write. */
  static final String LEDGER = "clawster.faults.ledger";

  /** Reached after the effect and before the result. */
  static final String DONE = "tool-done";

  @Override
  public ToolSpec spec() {
    return new ToolSpec(name, "Notes that it was called.", "{\"type\":\"object\"}");
  }

  @Override
  public ToolResult run(ToolContext context, String arguments) {
    try {
      Files.writeString(
          Path.of(System.getProperty(LEDGER)),
          new Effect(context.callId(), name).line(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Hooks.reached(DONE, new Object[] {name, context.callId()});
    return ToolResult.ok("noted");
  }
}
