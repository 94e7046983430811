package clawster.http.kernel;

import clawster.http.contract.Parameter;
import clawster.http.contract.Schema;
import clawster.runtime.kernel.Sha256;
import java.util.HexFormat;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Bytes that a client may keep, and asks for again with their tag.
 *
 * @param tag changes with the bytes
 */
public record Tagged(ByteString bytes, ContentType type, String tag) {

  public static final Parameter KNOWN =
      Parameter.header("If-None-Match", Schema.text(), "The ETag of what you have");

  public static Tagged of(byte[] bytes, ContentType type) {
    var tag = '"' + HexFormat.of().formatHex(Sha256.digest().digest(bytes), 0, 16) + '"';
    return new Tagged(ByteString.fromArrayUnsafe(bytes), type, tag);
  }

  /** Without the bytes for whoever has them. */
  public HttpResponse answer(Call call) {
    var known = call.header("If-None-Match").filter(tags -> tags.contains(tag));
    var response =
        known.isPresent()
            ? HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)
            : HttpResponse.create().withEntity(HttpEntities.create(type, bytes));
    return response.addHeaders(
        List.of(RawHeader.create("ETag", tag), RawHeader.create("Cache-Control", "no-cache")));
  }
}
