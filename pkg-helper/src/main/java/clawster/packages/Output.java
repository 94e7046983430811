package clawster.packages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One output of a program, read to its end however much comes: lines are passed on, cut, and the
 * last of them kept; all of it too, where that is wanted and not too long.
 */
final class Output {

  private static final int MAX_LINE = 4096;
  private static final int LAST_LINES = 40;

  private final Consumer<String> lines;
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private final Thread reader;

  private final byte[] line = new byte[MAX_LINE];
  private int length;

  private final int maxWhole;
  private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
  private boolean isLonger;

  /** Reads from now on. */
  Output(InputStream stream, int maxWhole, Consumer<String> lines) {
    this.maxWhole = maxWhole;
    this.lines = lines;
    reader = Thread.ofPlatform().daemon().name("output").start(() -> read(stream));
  }

  private void read(InputStream stream) {
    var bytes = new byte[4096];
    try (stream) {
      for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
        keep(bytes, count);
        for (int at = 0; at < count; at++) {
          take(bytes[at]);
        }
      }
    } catch (IOException _) {
      // The program is gone, and with it what it had still to say.
    }
    endLine();
  }

  private void keep(byte[] bytes, int count) {
    synchronized (whole) {
      isLonger = isLonger || whole.size() + count > maxWhole;
      if (!isLonger) {
        whole.write(bytes, 0, count);
      }
    }
  }

  /** Progress bars rewrite their line; each state of it is one. */
  private void take(byte next) {
    if (next == '\n' || next == '\r') {
      endLine();
    } else if (length < MAX_LINE) {
      line[length++] = next;
    }
  }

  private void endLine() {
    var text = new String(line, 0, length, StandardCharsets.UTF_8);
    length = 0;
    if (text.isBlank()) {
      return;
    }
    synchronized (last) {
      if (last.size() == LAST_LINES) {
        last.removeFirst();
      }
      last.addLast(text);
    }
    lines.accept(text);
  }

  /** Whether it has come to its end. */
  boolean await(Duration within) throws InterruptedException {
    return reader.join(within);
  }

  String last() {
    synchronized (last) {
      return String.join("\n", last);
    }
  }

  /** All of it, if it has come to its end and is no longer than was wanted. */
  Optional<String> whole() {
    synchronized (whole) {
      return reader.isAlive() || isLonger
          ? Optional.empty()
          : Optional.of(whole.toString(StandardCharsets.UTF_8));
    }
  }
}
