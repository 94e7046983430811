package clawster.packages;

import java.util.Optional;

/**
 * A request that may be done.
 *
 * @param name there if, and only if, the action is done to one package
 */
public record Order(Action action, Optional<PackageName> name, boolean progress)
    implements Verdict {

  public Order {
    if (action.isNamed() != name.isPresent()) {
      throw new IllegalArgumentException(action + " of " + name);
    }
  }
}
