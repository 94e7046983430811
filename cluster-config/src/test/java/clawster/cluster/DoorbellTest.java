package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoorbellTest {

  private static Member at(String address) {
    return new Member(2, "node-2", address, 2, "", State.UP, false);
  }

  @Test
  void somebodyIsAtHomeWhileThePortIsOpen() throws IOException {
    Member member;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      member = at("127.0.0.1:" + server.getLocalPort());
      assertFalse(Doorbell.isGone(member));
    }
    assertTrue(Doorbell.isGone(member));
  }

  @Test
  void whoDoesNotAnswerMayStillLive() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var first = new Socket();
        var second = new Socket()) {
      for (var waiting : List.of(first, second)) {
        waiting.connect(server.getLocalSocketAddress(), 1_000);
      }
      assertFalse(Doorbell.isGone(at("127.0.0.1:" + server.getLocalPort())));
    }
  }

  @Test
  void aNameThatNobodyKnowsProvesNothing() {
    assertFalse(Doorbell.isGone(at("nobody.invalid:1")));
  }
}
