package clawster.pkghelper;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/** Who may ask, as the kernel says who they are; the socket's mode alone lets in a whole group. */
record Peers(Set<UserPrincipal> allowed) {

  Peers {
    allowed = Set.copyOf(allowed);
  }

  static UserPrincipal of(SocketChannel channel) throws IOException {
    return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
  }

  boolean admit(UserPrincipal peer) {
    return allowed.contains(peer);
  }
}
