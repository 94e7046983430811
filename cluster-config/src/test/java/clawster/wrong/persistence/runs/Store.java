package clawster.wrong.persistence.runs;

/** Wrong: sleeps. */
public final class Store {

  public void await() throws InterruptedException {
    Thread.sleep(1);
  }
}
