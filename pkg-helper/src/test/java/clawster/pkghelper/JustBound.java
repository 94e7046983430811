package clawster.pkghelper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Binds a socket as the helper does, and writes down which mode it has before it is given one. */
final class JustBound {

  private JustBound() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var socket = Path.of(arguments[0]);
    try (var _ = Listener.bound(socket)) {
      var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
      Files.writeString(Path.of(arguments[1]), mode + "\n");
      Thread.currentThread().join();
    }
  }
}
