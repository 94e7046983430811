package clawster.runtime.packages;

/**
 * @param version empty if nobody could say
 */
public record InstalledPackage(String name, String version) {}
