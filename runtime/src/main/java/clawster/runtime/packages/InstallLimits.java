package clawster.runtime.packages;

import java.time.Duration;

/**
 * @param operation how long a change may take before it is stopped: some compile for minutes
 * @param question the same for looking what is there
 * @param waiting how long a change waits for another node's in the same directory
 */
public record InstallLimits(Duration operation, Duration question, Duration waiting) {

  public static final InstallLimits USUAL =
      new InstallLimits(Duration.ofMinutes(15), Duration.ofSeconds(30), Duration.ofMinutes(1));
}
