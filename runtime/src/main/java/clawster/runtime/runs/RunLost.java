package clawster.runtime.runs;

/** Another owner has claimed this run: stop, the journal knows better. */
public final class RunLost extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RunLost(RunId run) {
    super("run " + run + " was claimed by another owner", null, false, false);
  }
}
