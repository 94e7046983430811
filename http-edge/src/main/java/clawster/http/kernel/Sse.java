package clawster.http.kernel;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Server-sent events as HTTP answers. */
public final class Sse {

  /** A comment this often keeps proxies from closing, and finds out who has gone. */
  public static final Duration HEARTBEAT_EVERY = Duration.ofSeconds(10);

  public static final ByteString HEARTBEAT = ByteString.fromString(": still here\n\n");

  private static final ContentType TYPE = MediaTypes.TEXT_EVENT_STREAM.toContentType();

  private Sse() {}

  public static HttpResponse response(Source<ByteString, ?> events) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(TYPE, events.mapMaterializedValue(m -> (Object) m)))
        .addHeaders(
            List.of(
                RawHeader.create("Cache-Control", "no-cache"),
                RawHeader.create("X-Accel-Buffering", "no")));
  }
}
