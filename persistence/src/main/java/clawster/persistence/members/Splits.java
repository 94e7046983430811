package clawster.persistence.members;

import java.util.Collection;

/**
 * Where members are put out of a cluster that does not hear itself any more. Blocks; for one thread
 * at a time.
 */
public interface Splits extends AutoCloseable {

  /** What there is at this moment; from here on the others see that this node asks. */
  Sight look() throws MembersAway;

  /**
   * Puts out who is not to go on, unless this node has been put out itself.
   *
   * @return whether this node is still a member
   */
  boolean remove(Collection<MemberId> members) throws MembersAway;

  /** This node asks no more. It may ask anew. */
  @Override
  void close();
}
