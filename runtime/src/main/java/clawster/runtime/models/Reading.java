package clawster.runtime.models;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** How the body of one response is read. */
sealed interface Reading {

  /**
   * Takes bytes as they come.
   *
   * @return whether the answer went on
   */
  boolean take(ByteBuffer bytes, Consumer<ModelEvent> events);

  /** Nothing that may still come matters. */
  boolean enough();

  /** The body is over, or enough of it came: says the last events or throws what is wrong. */
  void end(Consumer<ModelEvent> events);

  /** An answer as server-sent events. */
  final class Streamed implements Reading {
    private final UpstreamAnswer answer;
    private final ServerSentEvents lines = new ServerSentEvents(this::event);
    private final AnswerSize size = new AnswerSize();
    private Consumer<ModelEvent> events = _ -> {};
    private boolean progress;

    Streamed(UpstreamAnswer answer) {
      this.answer = answer;
    }

    @Override
    public boolean take(ByteBuffer bytes, Consumer<ModelEvent> events) {
      this.events = size.counting(events);
      progress = false;
      lines.feed(bytes);
      return progress;
    }

    private void event(byte[] data, int offset, int length) {
      if (!answer.ended()) {
        progress |= answer.read(data, offset, length, events);
      }
    }

    @Override
    public boolean enough() {
      return answer.ended();
    }

    boolean whole() {
      return answer.whole();
    }

    @Override
    public void end(Consumer<ModelEvent> events) {
      if (!answer.whole()) {
        throw new ModelFailure(
            ModelFailure.Kind.INTERRUPTED, "the model's answer ended before it was whole");
      }
      events.accept(answer.finished());
    }
  }

  /** An answer that is one JSON document, from an upstream that does not stream. */
  final class Whole implements Reading {
    private static final int MAX_BYTES = 16 << 20;
    private final UpstreamAnswer answer;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Whole(UpstreamAnswer answer) {
      this.answer = answer;
    }

    @Override
    public boolean take(ByteBuffer bytes, Consumer<ModelEvent> events) {
      append(bytes, body);
      if (body.size() > MAX_BYTES) {
        throw new ModelFailure(
            ModelFailure.Kind.MALFORMED, "the model's answer exceeds " + MAX_BYTES + " bytes");
      }
      return false;
    }

    @Override
    public boolean enough() {
      return false;
    }

    @Override
    public void end(Consumer<ModelEvent> events) {
      answer.readWhole(body.toByteArray(), new AnswerSize().counting(events));
      events.accept(answer.finished());
    }
  }

  /** A response that says no, and why; a long explanation is not read to its end. */
  final class Refusal implements Reading {
    private static final int MAX_BYTES = 16 << 10;
    private final int status;
    private final Optional<Duration> retryAfter;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Refusal(int status, Optional<Duration> retryAfter) {
      this.status = status;
      this.retryAfter = retryAfter;
    }

    @Override
    public boolean take(ByteBuffer bytes, Consumer<ModelEvent> events) {
      append(bytes, body);
      return false;
    }

    @Override
    public boolean enough() {
      return body.size() > MAX_BYTES;
    }

    @Override
    public void end(Consumer<ModelEvent> events) {
      throw UpstreamError.ofBody(status, body.toByteArray(), retryAfter);
    }
  }

  private static void append(ByteBuffer bytes, ByteArrayOutputStream body) {
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
  }
}
