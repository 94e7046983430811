package clawster.runtime.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/** Something that a credential has open: it ends with the credential. */
public final class Hold implements AutoCloseable {

  private final UUID credential;
  private final Optional<Instant> expires;
  private final Consumer<Hold> closed;
  private final CompletableFuture<Done> over = new CompletableFuture<>();

  Hold(Principal.Revocable principal, Consumer<Hold> closed) {
    this.credential = principal.credential();
    this.expires = principal.expires();
    this.closed = closed;
  }

  UUID credential() {
    return credential;
  }

  boolean hasExpiredAt(Instant time) {
    return expires.filter(end -> !end.isAfter(time)).isPresent();
  }

  /** Completes when the credential is good no more. */
  public CompletionStage<Done> over() {
    return over;
  }

  /** It has ended by itself. */
  @Override
  public void close() {
    closed.accept(this);
  }

  void end() {
    close();
    over.complete(Done.getInstance());
  }
}
