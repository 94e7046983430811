package clawster.cli;

import clawster.cluster.CertificateAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code clawster certificates}: with what nodes on several machines know each other. */
@Command(
    name = "certificates",
    description =
        "Make certificates with which nodes know each other: ca.pem for all, HOST.pem and"
            + " HOST.key for each. Run again to renew them or to add hosts.",
    mixinStandardHelpOptions = true)
final class Certificates implements Callable<Integer> {

  @Option(
      names = "--hosts",
      paramLabel = "HOST",
      split = ",",
      required = true,
      description = "Where nodes reach each other (their CLAWSTER_CLUSTER_HOST), comma-separated.")
  private List<String> hosts;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where they go. Who has authority.p12 from there can make nodes: keep it.")
  private Path out;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "365",
      description = "How long they are valid (default ${DEFAULT-VALUE}).")
  private int days;

  @Override
  public Integer call() {
    var authority = CertificateAuthority.in(out);
    for (var host : hosts) {
      System.out.println(authority.issue(host, host, "+0d", days).certificate());
    }
    return 0;
  }
}
