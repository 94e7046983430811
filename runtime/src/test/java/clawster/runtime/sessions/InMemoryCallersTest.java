package clawster.runtime.sessions;

import clawster.runtime.runs.RunId;

final class InMemoryCallersTest implements CallersContract {

  private final InMemoryCallers here = new InMemoryCallers(new OneNode("here"));

  @Override
  public Callers callers(String node) {
    return here.ofAnotherNode(new OneNode(node));
  }

  @Override
  public void note(RunId run, Callers.Asking asking) {
    here.note(run, asking);
  }
}
