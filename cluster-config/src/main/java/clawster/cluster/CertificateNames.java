package clawster.cluster;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The hosts a certificate is for: its alternative names, never its common name. */
record CertificateNames(Set<String> names) {

  private static final int DNS = 2;
  private static final int IP = 7;

  CertificateNames {
    names = names.stream().map(CertificateNames::plain).collect(Collectors.toUnmodifiableSet());
  }

  static CertificateNames of(X509Certificate certificate) {
    try {
      return new CertificateNames(
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of()).stream()
              .filter(name -> List.of(DNS, IP).contains(name.getFirst()))
              .map(name -> (String) name.get(1))
              .collect(Collectors.toSet()));
    } catch (CertificateParsingException e) {
      return new CertificateNames(Set.of());
    }
  }

  boolean coverAny(Collection<String> hosts) {
    return hosts.stream().anyMatch(this::cover);
  }

  /** As browsers see it: {@code *.} stands for one label. */
  boolean cover(String host) {
    var wanted = plain(host);
    int dot = wanted.indexOf('.');
    return names.contains(wanted)
        || !isAddress(wanted) && dot > 0 && names.contains("*" + wanted.substring(dot));
  }

  /** An address may be written in several ways. */
  private static String plain(String host) {
    return isAddress(host)
        ? InetAddress.ofLiteral(host).getHostAddress()
        : host.toLowerCase(Locale.ROOT);
  }

  /** Not a name that would have to be looked up. */
  static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return names.isEmpty() ? "nothing" : names.stream().sorted().collect(Collectors.joining(", "));
  }
}
