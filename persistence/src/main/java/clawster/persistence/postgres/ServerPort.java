package clawster.persistence.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.Random;

/**
 * The server's port on 127.0.0.1: the same for as long as nobody else takes it, because connection
 * pools remember it. Chosen below the range that outgoing connections borrow from.
 */
final class ServerPort {

  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 50;

  private ServerPort() {}

  /** 0 when none was chosen yet. */
  static int read(PostgresFiles files) throws IOException {
    return Files.exists(files.port())
        ? Integer.parseInt(Files.readString(files.port()).strip())
        : 0;
  }

  static int choose(PostgresFiles files) throws IOException {
    int known = read(files);
    if (known != 0 && free(known)) {
      return known;
    }
    Random random = new Random();
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(FIRST, LAST);
      if (free(port)) {
        PrivateFiles.write(files.port(), port + "\n");
        return port;
      }
    }
    throw new IOException("no free port between " + FIRST + " and " + LAST);
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
