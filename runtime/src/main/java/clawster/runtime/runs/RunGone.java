package clawster.runtime.runs;

/** This run's log has had its time: nothing can be read of it or added any more. */
public final class RunGone extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RunGone(RunId run) {
    super("the log of run " + run + " is gone", null, false, false);
  }
}
