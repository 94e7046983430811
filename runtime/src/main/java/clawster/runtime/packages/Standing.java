package clawster.runtime.packages;

import java.util.Map;
import java.util.Optional;

/**
 * How it stands with one declaration.
 *
 * @param declaration empty if another one has taken its place
 * @param statuses by the id of the node that said it, whether it is a member or not
 */
public record Standing(Optional<Declaration> declaration, Map<String, PackageStatus> statuses) {

  public Standing {
    statuses = Map.copyOf(statuses);
  }
}
