package clawster.cluster;

import clawster.persistence.members.Member;
import clawster.persistence.postgres.StartRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Both ends of the connections between nodes. Each side shows a certificate of the cluster's own
 * authority. Who calls checks that it is for the host it calls; who is called does not know by
 * which name the caller goes, so it wants a certificate for some host where the database lists a
 * node.
 *
 * <p>Files that change are read again at the next connection, so certificates are renewed without a
 * restart.
 */
public final class TlsEngines implements SSLEngineProvider {

  private static final Logger LOG = LoggerFactory.getLogger(TlsEngines.class);

  private static final int PATIENCE_MILLIS = 500;

  private final TlsFiles files;
  private final String host;
  private final KnownHosts hosts;
  private volatile Loaded loaded;

  /**
   * @param versions of the files, by their times
   */
  private record Loaded(SSLContext context, List<FileTime> versions) {}

  private TlsEngines(TlsFiles files, String host, KnownHosts hosts) {
    this.files = files;
    this.host = host;
    this.hosts = hosts;
    this.loaded = new Loaded(Credentials.read(files, host).context(), versions());
  }

  /**
   * @param host where others reach this node
   * @param addresses of all nodes that the database lists, {@code host:port}
   * @throws StartRefused if the files are not what they should be
   */
  public static TlsEngines create(
      TlsFiles files, String host, Supplier<CompletionStage<List<String>>> addresses) {
    return new TlsEngines(files, host, new KnownHosts(addresses));
  }

  private List<FileTime> versions() {
    return Stream.of(files.certificate(), files.key(), files.authority())
        .map(
            file -> {
              try {
                return Files.getLastModifiedTime(file);
              } catch (IOException e) {
                return FileTime.fromMillis(0);
              }
            })
        .toList();
  }

  private SSLContext context() {
    var now = versions();
    if (!now.equals(loaded.versions())) {
      try {
        loaded = new Loaded(Credentials.read(files, host).context(), now);
        LOG.info("Certificates were read again");
      } catch (StartRefused e) {
        loaded = new Loaded(loaded.context(), now);
        LOG.warn("Going on with the certificates of before: {}", e.getMessage());
      }
    }
    return loaded.context();
  }

  @Override
  public SSLEngine createServerSSLEngine(String bound, int port) {
    var engine = context().createSSLEngine();
    var parameters = parameters();
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(false);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String called, int port) {
    var engine = context().createSSLEngine(called, port);
    engine.setSSLParameters(callersParameters());
    engine.setUseClientMode(true);
    return engine;
  }

  private static SSLParameters parameters() {
    return new SSLParameters(new String[] {"TLS_AES_256_GCM_SHA384"}, new String[] {"TLSv1.3"});
  }

  private static SSLParameters callersParameters() {
    var parameters = parameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** Its handshake has compared the names already. */
  @Override
  public Option<Throwable> verifyClientSession(String called, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String bound, SSLSession session) {
    try {
      var names = CertificateNames.of((X509Certificate) session.getPeerCertificates()[0]);
      if (names.coverAny(hosts.now())) {
        return Option.empty();
      }
      LOG.warn("Refused a connection with a certificate for {}: no node is there", names);
      return Option.apply(new SSLException("no node is at " + names));
    } catch (SSLException e) {
      return Option.apply(e);
    }
  }

  /**
   * Calls a member as its connections will, before they do: they would only try again and again.
   *
   * @return why they would fail, where that is sure
   */
  Optional<String> refusalOf(Member member) {
    var address = NodeAddress.parse(member.address());
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(address.host(), address.port()), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS * 4);
      return handshake(plain, address);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<String> handshake(Socket plain, NodeAddress address) throws IOException {
    try (var socket =
        (SSLSocket)
            context()
                .getSocketFactory()
                .createSocket(plain, address.host(), address.port(), true)) {
      socket.setSSLParameters(callersParameters());
      try {
        socket.startHandshake();
      } catch (SSLException e) {
        return Optional.of("its certificate is not one to believe, " + e.getMessage());
      }
      return answer(socket);
    }
  }

  /** A member that lets us in has nothing to say; one that does not ends the connection. */
  private static Optional<String> answer(SSLSocket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    try {
      return socket.getInputStream().read() < 0
          ? Optional.of("it does not let this node in")
          : Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("it does not let this node in, " + e.getMessage());
    }
  }
}
