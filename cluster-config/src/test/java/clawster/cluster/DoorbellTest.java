package clawster.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.cluster.Doorbell.Answer;
import clawster.persistence.members.Member;
import clawster.persistence.members.Member.State;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
      assertEquals(Answer.HOME, Doorbell.ring(member));
    }
    assertEquals(Answer.GONE, Doorbell.ring(member));
  }

  @Test
  void whoDoesNotAnswerMayStillLive() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var first = new Socket();
        var second = new Socket()) {
      for (var waiting : List.of(first, second)) {
        waiting.connect(server.getLocalSocketAddress(), 1_000);
      }
      assertEquals(Answer.UNKNOWN, Doorbell.ring(at("127.0.0.1:" + server.getLocalPort())));
    }
  }

  @Test
  void aNameThatNobodyKnowsProvesNothing() {
    assertEquals(Answer.UNKNOWN, Doorbell.ring(at("nobody.invalid:1")));
  }

  @Test
  void aRefusalIsUnderstoodInAnyLanguage() {
    assertEquals(Answer.GONE, Doorbell.told(new ConnectException("Verbindungsaufbau abgelehnt")));
    assertEquals(Answer.UNKNOWN, Doorbell.told(new NoRouteToHostException("Connection refused")));
    assertEquals(Answer.UNKNOWN, Doorbell.told(new SocketTimeoutException("Connection refused")));
  }
}
