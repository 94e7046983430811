package clawster.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where chat completions are asked for, and under which model name. Loopback only. */
record Endpoint(URI base, String model, Optional<String> token) {

  Endpoint {
    if (!"127.0.0.1".equals(base.getHost()) && !"localhost".equals(base.getHost())) {
      throw new IllegalArgumentException("loopback only: " + base);
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", base.getPort());
  }

  /** {@code POST /v1/chat/completions}; a user's name keeps the session. */
  byte[] chat(Optional<String> user, String prompt, boolean stream) {
    var body =
        "{\"model\":\""
            + model
            + "\",\"stream\":"
            + stream
            + user.map(name -> ",\"user\":\"" + name + "\"").orElse("")
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + prompt
            + "\"}]}";
    return request("POST /v1/chat/completions", "content-type: application/json\r\n", body);
  }

  /** The same, shown by somebody else. */
  Endpoint by(String secret) {
    return new Endpoint(base, model, Optional.of(secret));
  }

  /** What is refused once it is read, and begins nothing. */
  byte[] emptyChat() {
    return request("POST /v1/chat/completions", "content-type: application/json\r\n", "{}");
  }

  byte[] get(String path) {
    return request("GET " + path, "", "");
  }

  /** Of the connection, into a WebSocket. */
  byte[] upgrade(String path) {
    var headers =
        "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            + "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    return request("GET " + path, headers, "");
  }

  private byte[] request(String line, String headers, String body) {
    return (line
            + " HTTP/1.1\r\nhost: 127.0.0.1:"
            + base.getPort()
            + "\r\n"
            + headers
            + token.map(secret -> "authorization: Bearer " + secret + "\r\n").orElse("")
            + "content-length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
