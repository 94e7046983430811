package clawster.http.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/** JSON as an HTTP answer. */
public final class JsonAnswer {

  private JsonAnswer() {}

  public static HttpResponse of(JsonNode node) {
    try {
      return HttpResponse.create()
          .withEntity(
              ContentTypes.APPLICATION_JSON,
              ByteString.fromArrayUnsafe(JsonBody.MAPPER.writeValueAsBytes(node)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
