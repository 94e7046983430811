package clawster.runtime.models;

/** Tokens spent, as the upstream counted them; 0 where it did not say. */
public record Usage(long promptTokens, long completionTokens) {

  public static final Usage NONE = new Usage(0, 0);

  public Usage {
    if (promptTokens < 0 || completionTokens < 0) {
      throw new IllegalArgumentException("token counts cannot be negative");
    }
  }

  public Usage plus(Usage other) {
    return new Usage(promptTokens + other.promptTokens, completionTokens + other.completionTokens);
  }

  public long totalTokens() {
    return promptTokens + completionTokens;
  }
}
