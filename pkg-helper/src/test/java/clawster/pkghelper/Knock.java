package clawster.pkghelper;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Says one line at a socket and prints what it hears: for another user to run, who has no more. */
final class Knock {

  private Knock() {}

  public static void main(String[] arguments) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
      try {
        channel.write(ByteBuffer.wrap((arguments[1] + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (IOException _) {
        // Turned away at the door; why is there to be read.
      }
      channel.shutdownOutput();
      System.out.write(Channels.newInputStream(channel).readAllBytes());
    } catch (IOException e) {
      System.out.println("cannot: " + e.getMessage());
    }
  }
}
