package clawster.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** A streamed answer that goes on for minutes, and has begun; closing it hangs up. */
record Endless(Socket socket) implements AutoCloseable {

  private static final String PROMPT = "[[fake tokens=10000 delay=20]]";
  private static final int BEGUN = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Returns when the third token has come. */
  static Endless at(Endpoint endpoint, Optional<String> user) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(endpoint.address());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(endpoint.chat(user, PROMPT, true));
      awaitBegun(socket);
      return new Endless(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void awaitBegun(Socket socket) throws IOException {
    var call = new Call(new byte[0], BEGUN);
    var reader = new ResponseReader(call);
    var bytes = new byte[8192];
    while (call.tokens() < BEGUN) {
      var count = socket.getInputStream().read(bytes);
      if (count < 0) {
        throw new IOException("the stream ended before its third token");
      }
      reader.read(bytes, count, System.nanoTime());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
