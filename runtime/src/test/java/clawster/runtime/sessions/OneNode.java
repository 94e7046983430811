package clawster.runtime.sessions;

/** A node that knows of no other. */
public record OneNode(String self) implements SignsOfLife {

  @Override
  public boolean isAlive(String node) {
    return node.equals(self);
  }
}
