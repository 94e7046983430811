package clawster.node;

import clawster.cluster.ClusterSettings;
import clawster.cluster.NodeAddress;
import clawster.cluster.TlsFiles;
import clawster.http.kernel.Language;
import clawster.http.kernel.Sentences;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.persistence.postgres.StartRefused;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How a node is to run, read once at start. Wrong values stop the start and name themselves.
 *
 * @param workspaces where agents' files are: one directory that all nodes of the cluster see
 * @param runtime where Python's and Node's packages are; nodes may share it
 * @param packageSocket where the package helper listens, if there is one
 * @param node which node of the data directory this is, from 1
 * @param token the gateway token; empty makes everybody admin
 * @param database an external database; empty for the embedded one
 * @param cluster how other nodes are reached
 * @param fixed what cannot be set while it runs, because the environment sets it
 * @param environment where model providers are read from
 */
public record Settings(
    String bind,
    int port,
    Path data,
    Path workspaces,
    Path runtime,
    Path packageSocket,
    int node,
    String token,
    boolean insecure,
    Optional<DatabaseAddress> database,
    ClusterSettings cluster,
    ConfigDocument fixed,
    Map<String, String> environment) {

  public static final int DEFAULT_PORT = 18790;

  /** On one machine. */
  public static final int MAX_NODES = 99;

  public static final String DEFAULT_BIND = "127.0.0.1";

  /** Where the package helper listens if nobody says otherwise. */
  private static final Path DEFAULT_PACKAGE_SOCKET = Path.of("/run/clawster/packages.sock");

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

  public Settings {
    if (port < 0 || port > 65_535) {
      throw new StartRefused("the port must be from 0 to 65535, not " + port);
    }
    if (node < 1 || node > MAX_NODES) {
      throw new StartRefused("nodes are numbered from 1 to " + MAX_NODES + ", not " + node);
    }
    if (!mayListenAt(bind, token, insecure)) {
      throw new StartRefused(
          "binding %s without a token would make everybody on the network admin: set CLAWSTER_GATEWAY_TOKEN"
              .formatted(bind));
    }
    var exposed =
        Stream.concat(Stream.of(cluster.advertised()), cluster.bind().stream())
            .map(NodeAddress::host)
            .filter(host -> !isLoopback(host))
            .findFirst();
    if (exposed.isPresent() && cluster.tls().isEmpty()) {
      throw new StartRefused(
          "nodes would speak to each other in the clear: CLAWSTER_CLUSTER_HOST and"
              + " CLAWSTER_CLUSTER_BIND must be loopback addresses, not %s, unless %s, %s and %s are set"
                  .formatted(
                      exposed.get(), TlsFiles.CERTIFICATE, TlsFiles.KEY, TlsFiles.AUTHORITY));
    }
    if (Files.exists(workspaces) && !Files.isDirectory(workspaces)) {
      throw new StartRefused("CLAWSTER_WORKSPACES must be a directory, not " + workspaces);
    }
    if (Files.exists(runtime) && !Files.isDirectory(runtime)) {
      throw new StartRefused("CLAWSTER_RUNTIME_DIR must be a directory, not " + runtime);
    }
  }

  private static boolean mayListenAt(String bind, String token, boolean insecure) {
    return !token.isEmpty() || insecure || isLoopback(bind);
  }

  /** Without a token everybody who reaches it is admin. */
  public boolean mayListenAt(String bind) {
    return mayListenAt(bind, token, insecure);
  }

  private static boolean isLoopback(String bind) {
    return LOOPBACK.contains(bind) || bind.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** The gateway token; empty for none. */
  public static String token(Map<String, String> environment) {
    return given(environment, "CLAWSTER_GATEWAY_TOKEN").orElse("");
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Settings[bind=%s, port=%d, data=%s]".formatted(bind, port, data);
  }

  /** Of the first node of its data directory. */
  public static Settings read(String bind, int port, Path data, Map<String, String> environment) {
    return read(bind, port, data, 1, environment);
  }

  public static Settings read(
      String bind, int port, Path data, int node, Map<String, String> environment) {
    return new Settings(
        bind,
        port,
        data,
        parsed(environment, "CLAWSTER_WORKSPACES", "a directory", Path::of)
            .map(Path::toAbsolutePath)
            .orElse(data.resolve("workspaces")),
        parsed(environment, "CLAWSTER_RUNTIME_DIR", "a directory", Path::of)
            .map(Path::toAbsolutePath)
            .orElse(data.resolve("runtime")),
        parsed(environment, "CLAWSTER_PACKAGE_SOCKET", "a file", Path::of)
            .map(Path::toAbsolutePath)
            .orElse(DEFAULT_PACKAGE_SOCKET),
        node,
        token(environment),
        given(environment, "CLAWSTER_ALLOW_INSECURE_NO_AUTH").filter("1"::equals).isPresent(),
        given(environment, "CLAWSTER_DATABASE_URL").map(DatabaseAddress::parse),
        cluster(environment),
        fixed(environment),
        environment);
  }

  /** {@code CLAWSTER_PORT}, or the default. */
  public static int port(Map<String, String> environment) {
    return parsed(environment, "CLAWSTER_PORT", "a number", Integer::parseInt).orElse(DEFAULT_PORT);
  }

  private static ClusterSettings cluster(Map<String, String> environment) {
    var local = ClusterSettings.LOCAL;
    var host = given(environment, "CLAWSTER_CLUSTER_HOST").orElse(local.advertised().host());
    return new ClusterSettings(
        parsed(
                environment,
                "CLAWSTER_CLUSTER_PORT",
                "a port",
                port -> NodeAddress.parse(host + ":" + port))
            .orElse(new NodeAddress(host, 0)),
        parsed(environment, "CLAWSTER_CLUSTER_BIND", "host:port", NodeAddress::parse),
        tls(environment),
        parsed(environment, "CLAWSTER_CLUSTER_TIMINGS", "safe or fast", ClusterSettings.Timings::of)
            .orElse(local.timings()));
  }

  private static Optional<TlsFiles> tls(Map<String, String> environment) {
    var names = List.of(TlsFiles.CERTIFICATE, TlsFiles.KEY, TlsFiles.AUTHORITY);
    var files =
        names.stream()
            .map(name -> parsed(environment, name, "a file", Path::of))
            .flatMap(Optional::stream)
            .toList();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    if (files.size() < names.size()) {
      throw new StartRefused(
          "%s go together: all of them or none".formatted(String.join(", ", names)));
    }
    return Optional.of(new TlsFiles(files.get(0), files.get(1), files.get(2)));
  }

  private static <T> Optional<T> parsed(
      Map<String, String> environment, String name, String expected, Function<String, T> parser) {
    return given(environment, name)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (IllegalArgumentException e) {
                throw new StartRefused(name + " must be " + expected + ", not " + text);
              }
            });
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .map(String::strip);
  }

  private static ConfigDocument fixed(Map<String, String> environment) {
    var fixed = ConfigDocument.EMPTY;
    for (var setting : GatewaySettings.ALL) {
      fixed = fixed(fixed, setting, environment);
    }
    return fixed;
  }

  private static <T> ConfigDocument fixed(
      ConfigDocument fixed, Setting<T> setting, Map<String, String> environment) {
    return given(environment, setting.variable())
        .map(
            text ->
                fixed.with(
                    setting,
                    setting
                        .kind()
                        .parse(text)
                        .orElseThrow(
                            () ->
                                new StartRefused(
                                    "%s: %s, not %s"
                                        .formatted(
                                            setting.variable(),
                                            Sentences.of(setting.kind().flaw(), Language.EN),
                                            text)))))
        .orElse(fixed);
  }
}
