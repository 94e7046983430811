package clawster.faults;

import clawster.bench.upstream.ScriptedUpstream;
import clawster.persistence.postgres.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What is under test: nodes in processes of their own, a database, a scripted upstream, and a proxy
 * on every link between them. Everything ends with {@link #close}, whatever has happened.
 */
final class Cluster implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path directory;
  private final Path orders;
  private final Server server;
  private final DatabaseAddress database;
  private final ScriptedUpstream upstream;
  private final Peers peers;
  private final List<RigNode> nodes;

  private Cluster(Setup setup) {
    var name = "faults_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    try {
      directory = Files.createDirectories(Path.of("target/faults", name).toAbsolutePath());
      orders = Files.createDirectories(directory.resolve("orders"));
      Files.createDirectories(directory.resolve("data"));
      upstream = ScriptedUpstream.start(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = new Server();
    database = setup.database.orElseGet(() -> server.empty(name));
    peers = Peers.of(setup.nodes);
    setup.rewriting.write(directory.resolve("rewritten"));
    nodes = IntStream.rangeClosed(1, setup.nodes).mapToObj(k -> node(k, setup)).toList();
  }

  /** How a cluster is to be. */
  static final class Setup {
    private final int nodes;
    private final Rewriting rewriting =
        new Rewriting().instead("clawster.runtime.tools.Toolbox", "standard", "toolbox");
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Optional<DatabaseAddress> database = Optional.empty();

    private Setup(int nodes) {
      this.nodes = nodes;
    }

    Setup hook(Hook hook) {
      rewriting.hook(hook.name(), hook.type(), hook.method());
      return this;
    }

    Setup instead(String type, String method, String by) {
      rewriting.instead(type, method, by);
      return this;
    }

    Setup twice(String type, String method, int parameters) {
      rewriting.twice(type, method, parameters);
      return this;
    }

    /** A later option goes before an earlier one. */
    Setup option(String option) {
      options.add(option);
      return this;
    }

    Setup environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Setup database(DatabaseAddress existing) {
      database = Optional.of(existing);
      return this;
    }

    /** Up and serving. */
    Cluster start() {
      var cluster = new Cluster(this);
      try {
        cluster.nodes.forEach(RigNode::start);
        cluster.nodes.forEach(RigNode::awaitUp);
        return cluster;
      } catch (RuntimeException | Error e) {
        cluster.close();
        throw e;
      }
    }
  }

  static Setup of(int nodes) {
    return new Setup(nodes);
  }

  private RigNode node(int number, Setup setup) {
    var toDatabase = new FaultProxy(server.socket());
    var toUpstream = new FaultProxy(new InetSocketAddress("127.0.0.1", upstream.port()));
    var environment = new HashMap<String, String>();
    environment.put(
        "CLASSPATH", directory.resolve("rewritten") + ":" + System.getProperty("java.class.path"));
    environment.put("CLAWSTER_DATABASE_URL", url(toDatabase.port()));
    environment.put("OPENAI_API_KEY", "key");
    environment.put("OPENAI_BASE_URL", "http://127.0.0.1:" + toUpstream.port() + "/v1");
    environment.putAll(peers.environment(number));
    environment.putAll(setup.environment);
    return new RigNode(
        number,
        command(number, setup),
        environment,
        directory.resolve("node-" + number + ".log"),
        toDatabase,
        toUpstream);
  }

  private String url(int port) {
    var name = URI.create(database.jdbcUrl().substring("jdbc:".length())).getPath();
    return "postgres://%s:%s@127.0.0.1:%d%s"
        .formatted(
            database.user(),
            URLEncoder.encode(database.password(), StandardCharsets.UTF_8),
            port,
            name);
  }

  private List<String> command(int number, Setup setup) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx384m",
            "-Xss512k",
            "-XX:ActiveProcessorCount=1",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-D" + Hooks.ORDERS + "=" + orders,
            "-D" + LedgerTool.LEDGER + "=" + directory.resolve("ledger")));
    command.addAll(setup.options);
    command.addAll(List.of("clawster.Main", "up", "--port", "0"));
    command.addAll(List.of("--data", directory.resolve("data").toString()));
    if (setup.nodes > 1) {
      command.addAll(List.of("--node", String.valueOf(number)));
    }
    return command;
  }

  /** Number 1 is the first. */
  RigNode node(int number) {
    return nodes.get(number - 1);
  }

  List<RigNode> nodes() {
    return nodes;
  }

  Server server() {
    return server;
  }

  DatabaseAddress database() {
    return database;
  }

  Peers peers() {
    return peers;
  }

  Path ledger() {
    return directory.resolve("ledger");
  }

  /** Where nodes serve now. */
  List<URI> edges() {
    return nodes.stream()
        .filter(RigNode::takesCallers)
        .flatMap(node -> node.address().stream())
        .toList();
  }

  void order(String hook, Order order) {
    order.give(orders, hook);
  }

  /** Whether nobody has taken it yet. */
  boolean isOpen(String hook) {
    return Order.isOpen(orders, hook);
  }

  void withdraw(String hook) {
    Order.withdraw(orders, hook);
  }

  int restarts() {
    return nodes.stream().mapToInt(RigNode::restarts).sum();
  }

  /** All links whole, all processes running. */
  void heal() {
    server.resume();
    peers.heal();
    for (var node : nodes) {
      node.resume();
      node.database().set(FaultMode.PASS);
      node.upstream().set(FaultMode.PASS);
    }
  }

  @Override
  public void close() {
    server.resume();
    nodes.forEach(RigNode::close);
    peers.close();
    upstream.close();
    Server.execute(server.address(), "drop database if exists " + name() + " with (force)");
    if (!Boolean.getBoolean("keep")) {
      delete(directory);
    }
  }

  private String name() {
    return directory.getFileName().toString();
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
