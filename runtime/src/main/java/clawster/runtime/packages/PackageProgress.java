package clawster.runtime.packages;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.packages.Packages.Presence;

/**
 * A line that is told to whoever follows a declaration, at any node; it may be missed.
 *
 * @param spec of which package
 * @param node where it was printed
 */
public record PackageProgress(long change, String spec, Presence presence, String node, String line)
    implements ClusterMessage {}
