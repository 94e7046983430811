package clawster.persistence.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * An advisory lock between processes, free again when its holder is closed or dead, however it
 * died.
 *
 * <p>Children do not inherit it. Closing any channel on a file drops every lock this process has on
 * that file: one process must not open the same lock file twice.
 */
final class LockFile implements Closeable {

  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  static LockFile open(Path file) throws IOException {
    return new LockFile(
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PrivateFiles.FILE));
  }

  boolean tryExclusive() throws IOException {
    return Optional.<FileLock>ofNullable(channel.tryLock()).isPresent();
  }

  boolean tryShared() throws IOException {
    return Optional.<FileLock>ofNullable(channel.tryLock(0, Long.MAX_VALUE, true)).isPresent();
  }

  void awaitExclusive() throws IOException {
    channel.lock();
  }

  void awaitShared() throws IOException {
    channel.lock(0, Long.MAX_VALUE, true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
