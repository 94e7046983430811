package clawster.persistence.database;

import clawster.persistence.postgres.DatabaseAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Sits between a client and PostgreSQL and breaks what passes, where it is told to: at a request
 * that holds a certain word.
 */
public final class TestProxy implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile(":(\\d+)/");

  private final DatabaseAddress behind;
  private final int port;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final Set<String> undelivered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean away;

  public TestProxy(DatabaseAddress behind) throws IOException {
    this.behind = behind;
    var matcher = PORT.matcher(behind.jdbcUrl());
    if (!matcher.find()) {
      throw new IllegalArgumentException(behind.jdbcUrl());
    }
    this.port = Integer.parseInt(matcher.group(1));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public DatabaseAddress address() {
    var url = PORT.matcher(behind.jdbcUrl()).replaceFirst(":" + server.getLocalPort() + "/");
    return new DatabaseAddress(url, behind.user(), behind.password());
  }

  /** PostgreSQL gets the next request with this word; its answer is lost. */
  public void loseAnswerTo(String word) {
    unanswered.add(word);
  }

  /** The next request with this word does not reach PostgreSQL. */
  public void loseRequestWith(String word) {
    undelivered.add(word);
  }

  public int cuts() {
    return cuts.get();
  }

  /** Ends every connection and takes no new one. */
  public void leave() {
    away = true;
    open.forEach(TestProxy::end);
  }

  public void comeBack() {
    away = false;
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        if (away) {
          end(client);
        } else {
          join(client);
        }
      }
    } catch (IOException e) {
      open.forEach(TestProxy::end);
    }
  }

  private void join(Socket client) throws IOException {
    var database = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setTcpNoDelay(true);
    database.setTcpNoDelay(true);
    open.add(client);
    open.add(database);
    var connection = new Connection(client, database);
    Thread.ofVirtual().start(() -> connection.requests());
    Thread.ofVirtual().start(() -> connection.answers());
    if (away) {
      connection.cut();
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket database;
    private volatile boolean deaf;

    Connection(Socket client, Socket database) {
      this.client = client;
      this.database = database;
    }

    void requests() {
      try (InputStream in = client.getInputStream();
          OutputStream out = database.getOutputStream()) {
        var buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          var text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
          if (takes(undelivered, text)) {
            cuts.incrementAndGet();
            break;
          }
          if (takes(unanswered, text)) {
            deaf = true;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // either side has gone; the other follows
      } finally {
        cut();
      }
    }

    void answers() {
      try (InputStream in = database.getInputStream();
          OutputStream out = client.getOutputStream()) {
        var buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (deaf) {
            cuts.incrementAndGet();
            break;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // either side has gone; the other follows
      } finally {
        cut();
      }
    }

    void cut() {
      end(client);
      end(database);
      open.remove(client);
      open.remove(database);
    }
  }

  private static boolean takes(Set<String> words, String text) {
    return words.stream().filter(text::contains).findFirst().map(words::remove).orElse(false);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone, which is what we wanted
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    leave();
  }
}
