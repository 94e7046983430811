package clawster.persistence.members;

import java.util.Set;

/**
 * What the database can tell a node that does not hear others.
 *
 * @param isMember whether the node itself has not been removed
 * @param awake members that have looked at the others within two seconds, by the database's clock
 * @param asking members that do not hear others, too
 */
public record Sight(boolean isMember, Set<MemberId> awake, Set<MemberId> asking) {

  public Sight {
    awake = Set.copyOf(awake);
    asking = Set.copyOf(asking);
  }
}
