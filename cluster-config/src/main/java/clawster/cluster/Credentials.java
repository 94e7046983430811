package clawster.cluster;

import clawster.persistence.postgres.StartRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What a node shows to others, and whom it believes. Read from {@link TlsFiles}; what is wrong with
 * them is said in one sentence that names the setting.
 *
 * @param chain its certificate first
 */
record Credentials(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authority) {

  Credentials {
    chain = List.copyOf(chain);
    authority = List.copyOf(authority);
  }

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Keystores want a password; these are never written. */
  private static final char[] IN_MEMORY = "memory".toCharArray();

  /** What JSSE says for its kind of key exchange, which does not depend on the certificate. */
  private static final String TLS_1_3 = "UNKNOWN";

  /**
   * @param host where others reach this node
   * @throws StartRefused if others would not believe this node
   */
  static Credentials read(TlsFiles files, String host) {
    var credentials = load(files);
    credentials.checkTrusted(files);
    var names = CertificateNames.of(credentials.chain().getFirst());
    if (!names.cover(host)) {
      throw refused(
          TlsFiles.CERTIFICATE,
          files.certificate(),
          "is for %s, but other nodes reach this one at CLAWSTER_CLUSTER_HOST %s"
              .formatted(names, host));
    }
    return credentials;
  }

  /** Without asking whether anybody would believe them. */
  static Credentials load(TlsFiles files) {
    var chain = certificates(TlsFiles.CERTIFICATE, files.certificate());
    return new Credentials(
        chain,
        key(files.key(), chain.getFirst()),
        certificates(TlsFiles.AUTHORITY, files.authority()));
  }

  private static List<X509Certificate> certificates(String setting, Path file) {
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw refused(setting, file, "holds no certificate");
      }
      return found;
    } catch (IOException e) {
      throw refused(setting, file, "cannot be read");
    } catch (CertificateException e) {
      throw refused(setting, file, "holds no certificate in PEM");
    }
  }

  private static PrivateKey key(Path file, X509Certificate certificate) {
    try {
      var pem = KEY.matcher(Files.readString(file));
      if (!pem.find()) {
        throw refused(TlsFiles.KEY, file, "holds no plain private key in PEM (PKCS#8)");
      }
      var bytes = Base64.getMimeDecoder().decode(pem.group(1));
      var algorithm = certificate.getPublicKey().getAlgorithm();
      var key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      if (!areOnePair(key, certificate)) {
        throw refused(TlsFiles.KEY, file, "is not the key of " + TlsFiles.CERTIFICATE);
      }
      return key;
    } catch (IOException e) {
      throw refused(TlsFiles.KEY, file, "cannot be read");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw refused(TlsFiles.KEY, file, "is not the key of " + TlsFiles.CERTIFICATE);
    }
  }

  private static boolean areOnePair(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    var signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    signature.initSign(key);
    signature.update(certificate.getEncoded());
    var signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(certificate.getEncoded());
    return signature.verify(signed);
  }

  /** As other nodes with the same authority see it, in either direction. */
  private void checkTrusted(TlsFiles files) {
    var mine = chain.getFirst();
    try {
      mine.checkValidity();
      var presented = chain.toArray(X509Certificate[]::new);
      var judge = (X509TrustManager) trust().getTrustManagers()[0];
      judge.checkServerTrusted(presented, TLS_1_3);
      judge.checkClientTrusted(presented, TLS_1_3);
    } catch (CertificateExpiredException e) {
      throw refused(TlsFiles.CERTIFICATE, files.certificate(), "has expired: " + e.getMessage());
    } catch (CertificateNotYetValidException e) {
      throw refused(
          TlsFiles.CERTIFICATE, files.certificate(), "is not valid yet: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw refused(
          TlsFiles.CERTIFICATE,
          files.certificate(),
          "is not one that %s %s believes: %s"
              .formatted(TlsFiles.AUTHORITY, files.authority(), e.getMessage()));
    }
  }

  private static StartRefused refused(String setting, Path file, String why) {
    return new StartRefused("%s: %s %s".formatted(setting, file, why));
  }

  SSLContext context() {
    try {
      var store = emptyStore();
      store.setKeyEntry("node", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, IN_MEMORY);
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust().getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS 1.3", e);
    }
  }

  private TrustManagerFactory trust() throws GeneralSecurityException {
    var store = emptyStore();
    for (var certificate : authority) {
      store.setCertificateEntry(String.valueOf(authority.indexOf(certificate)), certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, IN_MEMORY);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Credentials[%s]".formatted(CertificateNames.of(chain.getFirst()));
  }
}
