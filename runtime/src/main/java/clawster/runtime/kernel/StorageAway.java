package clawster.runtime.kernel;

/**
 * What we keep things in cannot be reached, which is nobody's bug and passes. Ports fail with it,
 * so that an edge can tell it from everything else.
 */
public abstract class StorageAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  protected StorageAway(Throwable cause) {
    super(cause);
  }

  /** Without a stack trace. */
  protected StorageAway(String message) {
    super(message, null, false, false);
  }
}
