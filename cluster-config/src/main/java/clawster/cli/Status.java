package clawster.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code clawster status}: exit code 0 if nodes run and all of them serve, 1 if not. */
@Command(name = "status", description = "Tell whether nodes run.", mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  @Mixin private DataOption data;

  @Override
  public Integer call() {
    var running = data.running();
    if (running.isEmpty()) {
      System.out.println("no node runs on " + data.path());
      return 1;
    }
    try (var client = HttpClient.newHttpClient()) {
      return running.stream().map(node -> isReady(client, node)).toList().contains(false) ? 1 : 0;
    }
  }

  private static boolean isReady(HttpClient client, DataOption.Running node) {
    long pid = node.process().pid();
    if (node.address().isEmpty()) {
      System.out.printf("node %d is starting (pid %d)%n", node.node(), pid);
      return false;
    }
    var address = node.address().get();
    var request =
        HttpRequest.newBuilder(address.resolve("/ready")).timeout(Duration.ofSeconds(5)).build();
    try {
      boolean ready = client.send(request, BodyHandlers.discarding()).statusCode() == 200;
      System.out.printf("%s at %s (pid %d)%n", ready ? "ready" : "not ready", address, pid);
      return ready;
    } catch (IOException e) {
      System.out.printf("pid %d runs but does not answer at %s%n", pid, address);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
