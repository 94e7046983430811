package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateNamesTest {

  @ParameterizedTest
  @CsvSource({
    "node-1, node-1, true",
    "Node-1.Example, node-1.example, true",
    "node-1, node-2, false",
    "node-1, node-1.example, false",
    "*.nodes.example, a.nodes.example, true",
    "*.nodes.example, A.Nodes.Example, true",
    "*.nodes.example, nodes.example, false",
    "*.nodes.example, a.b.nodes.example, false",
    "*, node, false",
    "*.0.0.1, 127.0.0.1, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0:0:0:0:0:0:0:1, ::1, true",
  })
  void aCertificateIsForTheHostsItNames(String name, String host, boolean covered) {
    assertEquals(covered, new CertificateNames(Set.of(name)).cover(host));
  }
}
