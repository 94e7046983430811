package clawster.runtime.tools;

/** What a tool has to say to the model. */
public record ToolResult(boolean ok, String content) {

  public static ToolResult ok(String content) {
    return new ToolResult(true, content);
  }

  public static ToolResult error(String content) {
    return new ToolResult(false, content);
  }
}
