package clawster.http.kernel;

import clawster.runtime.identity.Hold;
import clawster.runtime.identity.IdentityProblems;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Answers that take a while end when the key ends that they were given to. */
final class Held {

  private Held() {}

  /** What is whole already is given out, and holds nothing. */
  static HttpResponse by(
      Hold hold, Endpoint.Dialect dialect, Supplier<Language> language, HttpResponse response) {
    if (response.entity().isStrict()) {
      hold.close();
      return response;
    }
    var type = response.entity().getContentType().mediaType();
    boolean events = type.equals(MediaTypes.TEXT_EVENT_STREAM);
    var open = KillSwitches.shared("key");
    hold.over().thenRun(open::shutdown);
    var untilOver =
        response
            .entity()
            .getDataBytes()
            .via(open.flow())
            .concatLazy(events ? lastWord(hold, dialect, language) : Source.<ByteString>empty())
            .watchTermination(
                (before, ended) -> {
                  ended.whenComplete((_, _) -> hold.close());
                  return before;
                });
    return response.withEntity(HttpEntities.create(response.entity().getContentType(), untilOver));
  }

  /** A stream that just ended could be taken for a whole answer. */
  private static Source<ByteString, NotUsed> lastWord(
      Hold hold, Endpoint.Dialect dialect, Supplier<Language> language) {
    return Source.lazySource(
            () ->
                hold.over().toCompletableFuture().isDone()
                    ? Source.single(
                        ByteString.fromString(
                            "data: "
                                + Refusals.body(
                                    dialect, IdentityProblems.UNAUTHORIZED, language.get())
                                + "\n\n"))
                    : Source.<ByteString>empty())
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }
}
