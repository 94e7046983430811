package clawster.cli;

import clawster.node.ConfigFile;
import clawster.node.Node;
import clawster.node.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code clawster up}: this process becomes a node, until it is told to stop. */
@Command(name = "up", description = "Start a node.", mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

  @Mixin private DataOption data;

  @Option(names = "--port", paramLabel = "N", description = "Port (CLAWSTER_PORT; default 18790).")
  private Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      description = "Address to listen on (CLAWSTER_BIND; default 127.0.0.1).")
  private String bind;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
  private Path config;

  @Option(names = "--detach", description = "Go on in the background.")
  private boolean detach;

  @Override
  public Integer call() throws Exception {
    var environment = environment();
    var settings =
        Settings.read(
            bind != null ? bind : environment.getOrDefault("CLAWSTER_BIND", Settings.DEFAULT_BIND),
            port != null ? port : Settings.port(environment),
            data.path(),
            environment);
    return detach ? Background.start(data) : run(settings);
  }

  /** The settings file's values, under those of the environment. */
  private Map<String, String> environment() {
    var all = new HashMap<String, String>();
    if (config != null) {
      all.putAll(ConfigFile.read(config));
    }
    all.putAll(System.getenv());
    return all;
  }

  private int run(Settings settings) throws IOException, InterruptedException {
    say("data is in " + settings.data());
    var node = Node.start(settings, Up::say);
    var address = address(settings, node.address());
    data.writeAddress(address);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      node.stop();
                      stopped.countDown();
                    }));
    System.out.println("Clawster is up at " + address);
    stopped.await();
    return 0;
  }

  private static URI address(Settings settings, InetSocketAddress bound) {
    var host = settings.bind();
    var name =
        switch (host) {
          case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return URI.create("http://" + name + ":" + bound.getPort() + "/");
  }

  private static void say(String sentence) {
    System.out.println("clawster: " + sentence);
  }
}
