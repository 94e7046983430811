package clawster.http.socket;

import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/** A message as a whole, as far as one may be. */
sealed interface SocketText {

  /** Bytes, as GoClaw's. */
  int MAX_BYTES = 512 << 10;

  /** Bytes that are read of one that is too large, so that whoever sent it hears so. */
  int MAX_READ = 8 << 20;

  /** Bytes that a piece counts for besides its own: one may be empty. */
  int PIECE = 1 << 10;

  /** For all of it. */
  Duration TO_COME = Duration.ofSeconds(30);

  /** UTF-8. */
  record Whole(ByteString bytes) implements SocketText {}

  /** Nothing that comes after it can be told from its rest. */
  record Bad(Problem problem) implements SocketText {}

  /**
   * @param most bytes that it may have
   */
  static CompletionStage<SocketText> of(Message message, int most, ActorSystem<?> system) {
    if (message instanceof BinaryMessage binary) {
      binary.getStreamedData().runWith(Sink.cancelled(), system);
      return CompletableFuture.completedStage(new Bad(SocketProblems.TEXT));
    }
    var text = message.asTextMessage();
    if (text.isStrict()) {
      return CompletableFuture.completedStage(
          whole(ByteString.fromString(text.getStrictText()), most));
    }
    var left = new AtomicInteger(MAX_READ);
    return text.getStreamedText()
        .map(ByteString::fromString)
        .takeWhile(piece -> left.addAndGet(-PIECE - piece.size()) > 0)
        .completionTimeout(TO_COME)
        .runFold(
            ByteString.emptyByteString(),
            (bytes, more) -> bytes.size() > most ? bytes : bytes.concat(more),
            system)
        .handle(
            (bytes, failure) ->
                failure == null ? whole(bytes, most) : new Bad(SocketProblems.UNFINISHED));
  }

  private static SocketText whole(ByteString bytes, int most) {
    return bytes.size() > most ? new Bad(SocketProblems.tooLarge(most)) : new Whole(bytes);
  }
}
