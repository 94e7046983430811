package clawster.persistence.members;

/**
 * A process as the cluster knows it.
 *
 * @param address where other nodes reach it, {@code host:port}
 * @param uid what its remoting calls itself there; a later process at the same address has another
 */
public record MemberId(String address, long uid) {}
