package clawster.cluster;

import java.nio.file.Path;

/**
 * The PEM files with which nodes know each other.
 *
 * @param certificate this node's, with the names it is reached by, and any between it and the
 *     authority
 * @param key its private key, PKCS#8
 * @param authority who has signed all nodes' certificates, and nothing else
 */
public record TlsFiles(Path certificate, Path key, Path authority) {

  public static final String CERTIFICATE = "CLAWSTER_CLUSTER_TLS_CERT";
  public static final String KEY = "CLAWSTER_CLUSTER_TLS_KEY";
  public static final String AUTHORITY = "CLAWSTER_CLUSTER_TLS_CA";
}
