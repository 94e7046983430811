package clawster.bench.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One client: reads a request, does what its {@link Reply} says, then reads the next. Token k of a
 * stream is due at {@code start + ttft + k * delay}; a late one is caught up, so that the rate
 * holds. A client that goes away while it is owed something has aborted.
 */
final class Connection {

  private static final byte[] STREAM_HEAD =
      """
      HTTP/1.1 200 OK\r
      content-type: text/event-stream; charset=utf-8\r
      cache-control: no-cache\r
      transfer-encoding: chunked\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE_DIGITS = 6;
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final Duration UNTIL_CUT = Duration.ofMillis(5);

  private final Loop loop;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final RequestReader reader = new RequestReader();
  private Optional<Request> request = Optional.empty();
  private Reply reply = new Reply.Silence();
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private long startNanos;
  private long dueNanos;
  private int next;
  private boolean opened;
  private boolean ended;

  Connection(Loop loop, SocketChannel channel, SelectionKey key) {
    this.loop = loop;
    this.channel = channel;
    this.key = key;
  }

  long dueNanos() {
    return dueNanos;
  }

  void readable() {
    try {
      var buffer = loop.staging(0);
      var count = channel.read(buffer);
      if (count < 0) {
        gone();
        return;
      }
      reader.add(buffer.flip());
      begin();
    } catch (IOException | RuntimeException e) {
      gone();
      if (e instanceof RuntimeException) {
        System.err.println("request refused: " + e);
      }
    }
  }

  void writable() {
    try {
      channel.write(unsent);
      if (!unsent.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ);
        afterWrite();
      }
    } catch (IOException _) {
      gone();
    }
  }

  /** Answers the next request that has come in full, unless one is being answered. */
  private void begin() {
    if (request.isPresent()) {
      return;
    }
    request = reader.next();
    request.ifPresent(
        found -> {
          if (!found.isControl()) {
            loop.counters().began();
          }
          reply = loop.site().reply(found);
          startNanos = System.nanoTime();
          dueNanos = startNanos;
          next = 0;
          opened = false;
          ended = false;
          proceed();
        });
  }

  /** Does what is due now and says when to be called again. */
  void proceed() {
    try {
      switch (reply) {
        case Reply.Silence _ -> {}
        case Reply.Whole whole -> {
          if (isDue(startNanos + whole.after().toNanos())) {
            send(whole);
          }
        }
        case Reply.Cut cut -> {
          if (isDue(startNanos + cut.after().toNanos())) {
            close();
          }
        }
        case Reply.Stream stream -> send(stream);
      }
    } catch (IOException _) {
      gone();
    }
  }

  private boolean isDue(long nanos) {
    if (System.nanoTime() - nanos >= 0) {
      return true;
    }
    dueNanos = nanos;
    loop.wait(this);
    return false;
  }

  private void send(Reply.Whole whole) throws IOException {
    var head = whole.head();
    var out = loop.staging(head.length + whole.body().length);
    out.put(head).put(whole.body());
    ended = true;
    write(out);
  }

  private void send(Reply.Stream stream) throws IOException {
    var frames = stream.frames();
    var script = stream.script();
    var out =
        loop.staging(
            CHUNK_BYTES
                + frames.head().length
                + frames.bytesAtMost()
                + frames.tail().length
                + 1024);
    if (!opened) {
      out.put(STREAM_HEAD);
      opened = true;
    }
    var chunk = out.position();
    out.position(chunk + SIZE_DIGITS + 2);
    var before = next;
    fill(out, frames, script);
    loop.counters().tokens += next - before;
    var cut = script.cutAt() >= 0 && next == Math.min(script.cutAt(), frames.count());
    ended = next == frames.count() && !cut;
    if (ended) {
      out.put(frames.tail());
    }
    closeChunk(out, chunk);
    if (ended) {
      out.put(LAST_CHUNK);
    } else if (cut) {
      loop.counters().cuts++;
      reply = new Reply.Cut(Duration.ofNanos(System.nanoTime() - startNanos).plus(UNTIL_CUT));
    }
    write(out);
  }

  private void fill(ByteBuffer out, Frames frames, Script script) {
    var start = out.position();
    var first = startNanos + script.firstAfter().toNanos();
    var apart = script.apart().toNanos();
    var now = System.nanoTime();
    var cutAt = script.cutAt();
    var badAt = script.badAt();
    while (next < frames.count() && next != cutAt && out.position() - start < CHUNK_BYTES) {
      dueNanos = first + next * apart;
      if (dueNanos - now > 0) {
        return;
      }
      if (next == 0) {
        out.put(frames.head());
      }
      if (next == badAt) {
        Frames.putMalformed(out);
      }
      frames.put(next++, out);
    }
  }

  /** Writes the size before what was put, or takes the room for it back. */
  private static void closeChunk(ByteBuffer out, int chunk) {
    var size = out.position() - chunk - SIZE_DIGITS - 2;
    if (size == 0) {
      out.position(chunk);
      return;
    }
    for (var digit = SIZE_DIGITS - 1; digit >= 0; digit--) {
      out.put(chunk + digit, HEX[size & 15]);
      size >>= 4;
    }
    out.put(chunk + SIZE_DIGITS, (byte) '\r').put(chunk + SIZE_DIGITS + 1, (byte) '\n');
    out.put((byte) '\r').put((byte) '\n');
  }

  private void write(ByteBuffer out) throws IOException {
    out.flip();
    channel.write(out);
    if (out.hasRemaining()) {
      unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    } else {
      afterWrite();
    }
  }

  private void afterWrite() {
    if (ended) {
      finish();
    } else if (dueNanos - System.nanoTime() > 0) {
      loop.wait(this);
    } else {
      loop.yield(this);
    }
  }

  private void finish() {
    var closes = request.map(Request::asksToClose).orElse(false);
    settle();
    if (closes) {
      close();
    } else {
      begin();
    }
  }

  private void gone() {
    if (request.isPresent()) {
      var counters = loop.counters();
      counters.aborted++;
      counters.lastAbortAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
    close();
  }

  private void close() {
    settle();
    loop.forget(this);
    try {
      channel.close();
    } catch (IOException _) {
      // it is gone either way
    }
  }

  private void settle() {
    if (request.filter(open -> !open.isControl()).isPresent()) {
      loop.counters().active--;
    }
    request = Optional.empty();
    reply = new Reply.Silence();
  }
}
