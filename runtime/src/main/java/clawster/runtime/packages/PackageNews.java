package clawster.runtime.packages;

import clawster.runtime.packages.Packages.Presence;

/**
 * What happens with a declaration, for whoever has not made it.
 *
 * @param change the declaration's number
 */
public record PackageNews(long change, PackageSpec spec, Presence presence, PackageEvent event) {}
