package clawster.runtime.packages;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** To be the only one who works at something, of all processes that see its file. */
final class Turn implements AutoCloseable {

  /**
   * The system's locks are for processes, and whoever closes the file lets go of its process's: so
   * in one process only one may have it open.
   */
  private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

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
    try {
      if (!here.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    var file = Optional.<FileChannel>empty();
    try {
      file = locked(lock, end - System.nanoTime());
    } finally {
      if (file.isEmpty()) {
        here.release();
      }
    }
    return file.map(locked -> new Turn(here, locked));
  }

  private static Optional<FileChannel> locked(Path lock, long nanos) throws IOException {
    var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var decided = new AtomicBoolean();
    var over = new CountDownLatch(1);
    Thread.ofVirtual().start(() -> closeAfter(nanos, over, decided, file));
    try {
      file.lock();
      return decided.compareAndSet(false, true) ? Optional.of(file) : Optional.empty();
    } catch (ClosedChannelException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      file.close();
      throw e;
    } finally {
      over.countDown();
    }
  }

  /** There is no lock that waits for a while only. */
  private static void closeAfter(
      long nanos, CountDownLatch over, AtomicBoolean decided, FileChannel file) {
    try {
      if (!over.await(nanos, TimeUnit.NANOSECONDS) && decided.compareAndSet(false, true)) {
        file.close();
      }
    } catch (IOException | InterruptedException _) {
      // Whoever waits for the lock finds out.
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
