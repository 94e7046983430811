package clawster.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Lines over a socket, each of bounded length and each in bounded time, for one thread: a peer that
 * is slow, or says nothing, or does not listen costs no more than that.
 */
public final class LineChannel implements AutoCloseable {

  /** What reading came to. */
  public sealed interface Read {
    record Line(String text) implements Read {}

    /** More than a line may have, or no UTF-8; nothing after it can be read. */
    record Unreadable() implements Read {}

    record Late() implements Read {}

    record End() implements Read {}
  }

  private final SocketChannel channel;
  private final int maxLine;
  private final Selector selector;
  private final SelectionKey key;

  /** Always ready to be read from: what is in it has not been looked at. */
  private final ByteBuffer unread = ByteBuffer.allocate(8 * 1024).flip();

  private byte[] line = new byte[512];
  private int length;

  /**
   * Takes the channel over.
   *
   * @param maxLine in bytes, of what is read
   */
  public LineChannel(SocketChannel channel, int maxLine) throws IOException {
    this.channel = channel;
    this.maxLine = maxLine;
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, 0);
  }

  /**
   * @param within for the whole line, however slowly it comes
   */
  public Read read(Duration within) throws IOException {
    long end = System.nanoTime() + within.toNanos();
    length = 0;
    while (true) {
      while (unread.hasRemaining()) {
        byte next = unread.get();
        if (next == '\n') {
          return decoded();
        }
        if (length == maxLine) {
          return new Read.Unreadable();
        }
        append(next);
      }
      if (!await(SelectionKey.OP_READ, end)) {
        return new Read.Late();
      }
      unread.clear();
      int count = channel.read(unread);
      unread.flip();
      if (count < 0) {
        return new Read.End();
      }
    }
  }

  private void append(byte next) {
    if (length == line.length) {
      line = Arrays.copyOf(line, line.length * 2);
    }
    line[length++] = next;
  }

  private Read decoded() {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length));
      return new Read.Line(text.toString());
    } catch (CharacterCodingException _) {
      return new Read.Unreadable();
    }
  }

  /** False if it was not taken in time; a part of it may have been, so nothing more can be sent. */
  public boolean write(String text, Duration within) throws IOException {
    long end = System.nanoTime() + within.toNanos();
    var bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    channel.write(bytes);
    while (bytes.hasRemaining()) {
      if (!await(SelectionKey.OP_WRITE, end)) {
        return false;
      }
      channel.write(bytes);
    }
    return true;
  }

  private boolean await(int operation, long end) throws IOException {
    key.interestOps(operation);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      selector.select(left / 1_000_000 + 1);
      if (selector.selectedKeys().remove(key)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
