package clawster.runtime.sessions;

/**
 * A tool call a model made, and who is to run it.
 *
 * @param arguments JSON text as the model wrote it
 */
public record Call(String id, String name, String arguments, Runner runner) {

  public enum Runner {
    /** Runs here and may run again after a crash. */
    HERE_AGAIN,
    /** Runs here, at most once; after a crash its outcome is unknown. */
    HERE_ONCE,
    /** The caller runs it; asking for it ends the turn. */
    CLIENT
  }

  public boolean isClient() {
    return runner == Runner.CLIENT;
  }
}
