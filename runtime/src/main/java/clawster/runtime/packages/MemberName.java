package clawster.runtime.packages;

/**
 * A member of the cluster.
 *
 * @param id as {@code /v1/cluster} shows it
 * @param name what people call it
 */
public record MemberName(String id, String name) {}
