package clawster.runtime.packages;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** To be the only one who works at something, of all processes that see its file. */
final class Turn implements AutoCloseable {

  /**
   * The system's locks are for processes, and whoever closes the file lets go of its process's: so
   * in one process only one may have it open.
   */
  private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private static final Duration AGAIN = Duration.ofMillis(100);

  /** Never given to anybody, so that who waits for it waits, and can be interrupted. */
  private static final Semaphore NEVER = new Semaphore(0);

  private final Semaphore here;
  private final FileChannel file;

  private Turn(Semaphore here, FileChannel file) {
    this.here = here;
    this.file = file;
  }

  /** Empty if others were at it all the while. */
  static Optional<Turn> take(Path lock, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    var here = IN_THIS_PROCESS.computeIfAbsent(lock, _ -> new Semaphore(1));
    if (!acquire(here, patience)) {
      return Optional.empty();
    }
    var file = Optional.<FileChannel>empty();
    try {
      file = locked(lock, end);
    } finally {
      if (file.isEmpty()) {
        here.release();
      }
    }
    return file.map(locked -> new Turn(here, locked));
  }

  private static boolean acquire(Semaphore semaphore, Duration patience) throws IOException {
    try {
      return semaphore.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * For whoever has to ask again and again, of what nobody tells them.
   *
   * @throws IOException if it is interrupted
   */
  static void pause() throws IOException {
    pause(AGAIN);
  }

  /**
   * @throws IOException if it is interrupted
   */
  static void pause(Duration length) throws IOException {
    acquire(NEVER, length);
  }

  /**
   * Asks again and again: who waits within the system's call is not woken by an interruption, and
   * keeps others' threads from going on.
   */
  private static Optional<FileChannel> locked(Path lock, long end) throws IOException {
    var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      while (file.tryLock() == null) {
        if (System.nanoTime() >= end) {
          file.close();
          return Optional.empty();
        }
        pause();
      }
      return Optional.of(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      here.release();
    }
  }
}
