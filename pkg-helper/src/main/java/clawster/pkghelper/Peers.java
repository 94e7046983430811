package clawster.pkghelper;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/** Who may ask, as the kernel says who they are; the socket's mode alone lets in a whole group. */
record Peers(Set<UserPrincipal> allowed) {

  Peers {
    allowed = Set.copyOf(allowed);
  }

  /** Who may be one and the same. */
  static Peers of(UserPrincipal... allowed) {
    return new Peers(new HashSet<>(List.of(allowed)));
  }

  static UserPrincipal at(SocketChannel channel) throws IOException {
    return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
  }

  boolean admit(UserPrincipal peer) {
    return allowed.contains(peer);
  }
}
