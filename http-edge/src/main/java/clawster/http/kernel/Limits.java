package clawster.http.kernel;

import java.time.Duration;

/**
 * What connections and bodies are held to.
 *
 * @param first how long a connection may take to bring its first request
 * @param idle how long a connection may be without a request, or with an answer that nobody takes
 * @param bodyPatience how long a body may take to arrive
 * @param bodyBytes of all bodies together, from their arrival until their requests are answered
 */
record Limits(Duration first, Duration idle, Duration bodyPatience, long bodyBytes) {

  static Limits standard() {
    return new Limits(
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Math.max(64 * Endpoint.MIB, Runtime.getRuntime().maxMemory() / 4));
  }
}
