package clawster.cli;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code clawster status}: exit code 0 if a node runs and serves, 1 if not. */
@Command(
    name = "status",
    description = "Tell whether a node runs.",
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  @Mixin private DataOption data;

  @Override
  public Integer call() throws Exception {
    var process = data.process();
    var address = data.address();
    if (process.isEmpty() || address.isEmpty()) {
      System.out.println("no node runs on " + data.path());
      return 1;
    }
    var request =
        HttpRequest.newBuilder(address.get().resolve("/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      System.out.printf(
          "%s at %s (pid %d)%n",
          status == 200 ? "ready" : "not ready", address.get(), process.get().pid());
      return status == 200 ? 0 : 1;
    } catch (java.io.IOException e) {
      System.out.printf(
          "pid %d runs but does not answer at %s%n", process.get().pid(), address.get());
      return 1;
    }
  }
}
