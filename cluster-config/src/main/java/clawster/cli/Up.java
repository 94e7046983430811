package clawster.cli;

import clawster.node.ConfigFile;
import clawster.node.EnvironmentNames;
import clawster.node.Node;
import clawster.node.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code clawster up}: this process becomes a node, or the supervisor of several, until it is told
 * to stop.
 */
@Command(name = "up", description = "Start a node, or several.", mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

  /** What a process that is no member of the cluster any more ends with: it is to be restarted. */
  static final int LOST = 75;

  @Spec private CommandSpec spec;

  @Mixin private DataOption data;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of the first node (CLAWSTER_PORT; default 18790).")
  private Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      description = "Address to listen on (CLAWSTER_BIND; default 127.0.0.1).")
  private String bind;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
  private Path config;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Start N nodes on ports that follow each other, and restart those that end.")
  private Integer nodes;

  @Option(
      names = "--node",
      paramLabel = "K",
      description = "Start the Kth node on this data directory; it joins the others.")
  private Integer node;

  @Option(names = "--detach", description = "Go on in the background.")
  private boolean detach;

  @Override
  public Integer call() throws Exception {
    if (nodes != null && node != null) {
      throw new ParameterException(spec.commandLine(), "--nodes and --node exclude each other");
    }
    var settings = settings();
    if (detach) {
      return Background.start(data, settings.node(), nodes == null ? 1 : nodes);
    }
    return nodes == null ? run(settings) : Supervisor.run(data, nodes, settings);
  }

  private Settings settings() {
    var environment = environment();
    return Settings.read(
        bind != null ? bind : environment.getOrDefault("CLAWSTER_BIND", Settings.DEFAULT_BIND),
        port != null ? port : Settings.port(environment),
        data.path(),
        node == null ? 1 : node,
        environment);
  }

  /** The settings file's values, under those of the environment. */
  private Map<String, String> environment() {
    var all = new HashMap<String, String>();
    if (config != null) {
      all.putAll(ConfigFile.read(config));
    }
    all.putAll(EnvironmentNames.environment());
    return all;
  }

  private int run(Settings settings) throws IOException {
    say("data is in " + settings.data());
    var node = Node.start(settings, Up::say);
    data.writeAddress(settings.node(), node.url());
    var stopped = new CompletableFuture<Integer>();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      LastResort.after(LastResort.PATIENCE);
                      node.stop();
                      stopped.complete(0);
                    }));
    node.dismissed().thenRun(() -> stopped.complete(0));
    node.lost().thenAccept(why -> stopped.complete(lost(why)));
    System.out.println("Clawster is up at " + node.url());
    return stopped.join();
  }

  private static int lost(String why) {
    say("this node ends: " + why);
    return LOST;
  }

  private static void say(String sentence) {
    System.out.println("clawster: " + sentence);
  }
}
