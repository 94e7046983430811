package clawster.runtime.models;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One HTTP call. What happens is told as {@link News}, from the client's threads; body bytes come
 * one buffer list at a time and only after {@link #more()}, so a reader that is slow slows the
 * socket down. Either {@link #close()} or {@link #letEnd()} ends it, whatever state it is in.
 */
final class Exchange implements HttpResponse.BodyHandler<Void>, HttpResponse.BodySubscriber<Void> {

  private static final int MAX_BYTES_TO_LET_PASS = 64 << 10;
  private static final long MILLIS_TO_LET_PASS = 500;

  sealed interface News {
    Exchange from();

    record Head(Exchange from, int status, HttpHeaders headers) implements News {}

    record Bytes(Exchange from, List<ByteBuffer> buffers) implements News {}

    record Ended(Exchange from) implements News {}

    record Broken(Exchange from, Throwable cause) implements News {}
  }

  private final Consumer<News> news;
  private volatile CompletableFuture<?> response = new CompletableFuture<>();
  private volatile Flow.Subscription subscription;
  private volatile boolean abandoned;
  private volatile boolean ended;
  private volatile boolean unheard;
  private int bytesUnheard;

  Exchange(Consumer<News> news) {
    this.news = news;
  }

  void begin(HttpClient client, HttpRequest request) {
    response = client.sendAsync(request, this);
    response.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            tell(new News.Broken(this, failure));
          }
        });
  }

  /** Asks for the next bytes; the first come unasked. */
  void more() {
    subscription.request(1);
  }

  private void abandon() {
    unheard = true;
    abandoned = true;
    response.cancel(true);
    var open = subscription;
    if (open != null) {
      open.cancel();
    }
  }

  /**
   * Nobody listens any more, but the response is as good as over: reading its last bytes lets the
   * connection be used again. An upstream that does not end soon loses it.
   */
  void letEnd() {
    unheard = true;
    if (!ended) {
      subscription.request(Long.MAX_VALUE);
      CompletableFuture.delayedExecutor(MILLIS_TO_LET_PASS, TimeUnit.MILLISECONDS)
          .execute(this::close);
    }
  }

  /** Closes the connection, before headers as well as after, unless the response is over. */
  void close() {
    unheard = true;
    if (!ended) {
      abandon();
    }
  }

  private void tell(News item) {
    if (!unheard) {
      news.accept(item);
    }
  }

  @Override
  public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo head) {
    tell(new News.Head(this, head.statusCode(), head.headers()));
    return this;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (abandoned) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    tell(new News.Bytes(this, buffers));
    if (unheard) {
      for (var buffer : buffers) {
        bytesUnheard += buffer.remaining();
      }
      if (bytesUnheard > MAX_BYTES_TO_LET_PASS) {
        abandon();
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
    tell(new News.Broken(this, failure));
  }

  @Override
  public void onComplete() {
    ended = true;
    tell(new News.Ended(this));
  }
}
