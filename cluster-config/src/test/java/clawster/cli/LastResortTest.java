package clawster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LastResortTest {

  /** A process whose end waits for what never happens. */
  static final class Stuck {

    private Stuck() {}

    public static void main(String[] arguments) {
      var never = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    LastResort.after(Duration.ofMillis(Long.parseLong(arguments[0])));
                    awaitQuietly(never);
                  }));
      System.exit(0);
    }

    private static void awaitQuietly(CountDownLatch never) {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aProcessThatDoesNotEndIsEnded() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                "1000")
            .redirectErrorStream(true)
            .start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(LastResort.CODE, process.waitFor(), said);
      assertTrue(said.contains("has not stopped within 1 s"), said);
    } finally {
      process.destroyForcibly();
    }
  }
}
