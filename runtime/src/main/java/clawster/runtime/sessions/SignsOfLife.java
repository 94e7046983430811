package clawster.runtime.sessions;

/** Which nodes of the cluster live, by the names under which they note what dies with them. */
public interface SignsOfLife {

  /** The name of this node, of this start of it. */
  String self();

  /** Whether its connections may still stand; known from memory, because it is asked row by row. */
  boolean isAlive(String node);
}
