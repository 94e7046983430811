package clawster.runtime.packages;

import clawster.runtime.kernel.ClusterMessage;

/**
 * A line that is told to whoever follows a declaration, at any node; it may be missed.
 *
 * @param node where it was printed
 */
public record PackageProgress(long change, String node, String line) implements ClusterMessage {}
