package clawster.runtime.models;

import java.util.Optional;

/** Finds the upstream behind a {@code provider/model} name. */
public interface ModelLookup {

  /**
   * @param model the upstream's own name for it
   */
  record Found(ModelClient client, String model) {}

  /** Empty if no such provider is configured. */
  Optional<Found> find(String name);
}
