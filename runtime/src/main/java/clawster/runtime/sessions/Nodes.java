package clawster.runtime.sessions;

/** The nodes of the cluster, by the names under which they note what dies with them. */
public interface Nodes {

  /** This one's name, of this start of it. */
  String self();

  /** Whether its connections may still stand; known from memory, because it is asked for rows. */
  boolean isAlive(String node);

  /** Where nobody tells of any other. */
  static Nodes only(String self) {
    return new Nodes() {
      @Override
      public String self() {
        return self;
      }

      @Override
      public boolean isAlive(String node) {
        return node.equals(self);
      }
    };
  }
}
