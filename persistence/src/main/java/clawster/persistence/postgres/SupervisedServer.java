package clawster.persistence.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL, kept running: started again after it ended, sooner when it had lived well, until
 * {@link #stop} or until its directory is gone.
 */
final class SupervisedServer {

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 10_000;
  private static final long LIVED_WELL_MILLIS = 10_000;
  private static final long FAST_STOP_SECONDS = 30;

  private final PostgresFiles files;
  private final List<String> command;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Process process;

  SupervisedServer(PostgresFiles files, List<String> command) {
    this.files = files;
    this.command = command;
  }

  /** Must be called on a thread that lives as long as the server: its death is the server's. */
  void run() throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (Files.exists(files.data().resolve("PG_VERSION"))) {
      long began = System.nanoTime();
      try {
        Postmaster.clearTheWay(files.data());
        if (!start()) {
          return;
        }
        say("PostgreSQL ended with status " + process.waitFor());
      } catch (IOException e) {
        say("PostgreSQL could not be started: " + e);
      }
      boolean livedWell = System.nanoTime() - began > LIVED_WELL_MILLIS * 1_000_000;
      pause = livedWell ? FIRST_PAUSE_MILLIS : pause;
      if (stopping.await(pause, TimeUnit.MILLISECONDS)) {
        return;
      }
      pause = Math.min(pause * 2, LAST_PAUSE_MILLIS);
    }
  }

  /**
   * Returns when the server is down and will not come back. Clients are cut off, data is flushed.
   */
  void stop() {
    stopping.countDown();
    try {
      Process running = running();
      if (running == null || !running.isAlive()) {
        return;
      }
      Postmaster.signal("INT", running.pid());
      if (!running.waitFor(FAST_STOP_SECONDS, TimeUnit.SECONDS)) {
        Postmaster.signal("QUIT", running.pid());
        running.waitFor();
      }
    } catch (IOException e) {
      say("PostgreSQL could not be stopped: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Process running() {
    return process;
  }

  private synchronized boolean start() throws IOException {
    if (stopping.getCount() == 0) {
      return false;
    }
    ServerSettings.write(files.data());
    List<String> words = new ArrayList<>(command);
    words.add("-p");
    words.add(String.valueOf(ServerPort.choose(files)));
    process =
        new ProcessBuilder(words)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.watchdogLog().toFile()))
            .start();
    return true;
  }

  private static void say(String sentence) {
    System.out.println(Instant.now() + " " + sentence);
  }
}
