package clawster.runtime.kernel;

/** Marks what may travel between nodes; bound to CBOR in {@code reference.conf}. */
public interface ClusterMessage {}
