package clawster.runtime.kernel;

import java.util.concurrent.CompletionException;

/** What went wrong in a completion stage. */
public final class Failures {

  private Failures() {}

  /** The failure itself, without the wrapping that passing it from stage to stage gives it. */
  public static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
