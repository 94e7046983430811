package clawster.persistence.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an earlier server left in the database's directory: itself, its children or its pid file.
 *
 * <p>A server that lost its watchdog is stopped. A pid file whose process is a zombie (pid 1 of
 * many containers reaps nobody) or a stranger is removed, since PostgreSQL would take it for a
 * living server; but never while a process still works in the directory. What cannot be told apart
 * is left to PostgreSQL, which then refuses to start.
 */
final class Postmaster {

  private static final int POLL_MILLIS = 20;
  private static final long FAST_MILLIS = 20_000;
  private static final long IMMEDIATE_MILLIS = 5_000;

  private Postmaster() {}

  static void clearTheWay(Path data) throws IOException, InterruptedException {
    Path pidFile = data.resolve("postmaster.pid");
    long pid = pid(pidFile);
    if (pid <= 0) {
      return;
    }
    if (serves(pid, data)) {
      signal("INT", pid);
      if (!gone(data, pid, FAST_MILLIS)) {
        signal("QUIT", pid);
        gone(data, pid, IMMEDIATE_MILLIS);
      }
    }
    long deadline = System.nanoTime() + IMMEDIATE_MILLIS * 1_000_000;
    while (busy(data) && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
    if (!busy(data) && knownDead(pid, data)) {
      Files.deleteIfExists(pidFile);
    }
  }

  /** Java can only send TERM and KILL; the shell is the portable way to the others. */
  static void signal(String name, long pid) throws IOException {
    new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean gone(Path data, long pid, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (serves(pid, data)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private static long pid(Path pidFile) throws IOException {
    List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
    return !lines.isEmpty() && lines.getFirst().matches("[0-9]{1,9}")
        ? Long.parseLong(lines.getFirst())
        : 0;
  }

  private static boolean serves(long pid, Path data) {
    Path process = Path.of("/proc/" + pid);
    return linux()
        ? !zombie(process) && worksIn(process, data)
        : ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().command())
            .orElse("")
            .endsWith("/postgres");
  }

  /** Only a zombie or a readable stranger; PostgreSQL itself sees that a pid does not exist. */
  private static boolean knownDead(long pid, Path data) {
    Path process = Path.of("/proc/" + pid);
    return linux()
        && Files.exists(process)
        && (zombie(process) || Files.isReadable(process.resolve("cwd")) && !worksIn(process, data));
  }

  private static boolean busy(Path data) throws IOException {
    if (!linux()) {
      return false;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (worksIn(process, data) && !zombie(process)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Every process of a server has its database's directory as its working directory. */
  private static boolean worksIn(Path process, Path data) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean zombie(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean linux() {
    return System.getProperty("os.name").equals("Linux");
  }
}
