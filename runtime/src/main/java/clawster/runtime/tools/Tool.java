package clawster.runtime.tools;

import clawster.runtime.models.ToolSpec;

/** One tool that runs on this side. To add one: a class and a line in {@link Toolbox}. */
public interface Tool {

  /** Name, description and JSON Schema, as the model sees it. */
  ToolSpec spec();

  /**
   * Whether running it again with the same arguments does no harm; decides what recovery may do.
   */
  boolean idempotent();

  /**
   * Runs the call. Called on a virtual thread, so it may block; interrupted when the run is aborted
   * or the call takes too long. What goes wrong is told in the result, for the model to read.
   *
   * @param arguments JSON text as the model wrote it, not necessarily valid
   */
  ToolResult run(ToolContext context, String arguments) throws InterruptedException;
}
