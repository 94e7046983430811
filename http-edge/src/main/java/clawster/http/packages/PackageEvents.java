package clawster.http.packages;

import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Sse;
import clawster.runtime.packages.PackageEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** What happens with a declaration, as server-sent events. */
final class PackageEvents {

  private static final ByteString END = ByteString.fromString("\n\n");

  private PackageEvents() {}

  static Source<ByteString, NotUsed> of(
      long change, Source<PackageEvent, NotUsed> events, Language language) {
    return events
        .map(event -> written(change, event, language))
        .keepAlive(Sse.HEARTBEAT_EVERY, () -> Sse.HEARTBEAT);
  }

  private static ByteString written(long change, PackageEvent event, Language language) {
    try {
      return ByteString.fromString("event: " + name(event) + "\ndata: ")
          .concat(
              ByteString.fromArrayUnsafe(
                  JsonBody.MAPPER.writeValueAsBytes(data(change, event, language))))
          .concat(END);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(PackageEvent event) {
    return switch (event) {
      case PackageEvent.Said _ -> "progress";
      case PackageEvent.Moved _ -> "node";
      case PackageEvent.Ended _ -> "done";
    };
  }

  static ObjectNode data(long change, PackageEvent event, Language language) {
    return switch (event) {
      case PackageEvent.Said(String node, String line) -> of(node).put("line", line);
      case PackageEvent.Moved(String node, var status) -> PackageJson.put(of(node), status);
      case PackageEvent.Ended ended -> PackageJson.result(change, ended, language);
    };
  }

  private static ObjectNode of(String node) {
    return JsonNodeFactory.instance.objectNode().put("node", node);
  }
}
