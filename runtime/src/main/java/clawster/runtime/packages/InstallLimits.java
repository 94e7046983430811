package clawster.runtime.packages;

import java.time.Duration;

/**
 * @param operation how long a change may take before it is stopped: some compile for minutes
 * @param waiting how long a change waits for another node's in the same directory
 */
public record InstallLimits(Duration operation, Duration waiting) {

  public static final InstallLimits USUAL =
      new InstallLimits(Duration.ofMinutes(15), Duration.ofMinutes(1));
}
