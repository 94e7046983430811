package clawster.bench.upstream;

import java.io.IOException;
import java.util.List;

/**
 * The server: as a process of its own ({@code --port 9901}) or inside a test ({@link #start}). Port
 * 0 picks a free one.
 */
public final class ScriptedUpstream implements AutoCloseable {

  private final Loop loop;
  private final Thread thread;

  private ScriptedUpstream(Loop loop) {
    this.loop = loop;
    this.thread = Thread.ofPlatform().name("scripted-upstream").daemon().start(loop);
  }

  public static ScriptedUpstream start(int port) throws IOException {
    return new ScriptedUpstream(new Loop(port));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var words = List.of(arguments);
    if (words.size() != 2 || !words.getFirst().equals("--port")) {
      System.err.println("usage: ScriptedUpstream --port PORT");
      System.exit(2);
    }
    try (var upstream = start(Integer.parseInt(words.getLast()))) {
      System.out.println("listening " + upstream.port());
      upstream.thread.join();
    }
  }

  public int port() {
    return loop.port();
  }

  /** Scheme, host and port; providers' paths start with {@code /v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    loop.close();
    try {
      thread.join(5_000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
