package clawster.runtime.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import clawster.runtime.kernel.Sha256;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** What a request asks for, in short: equal for requests that ask for the same. */
public record RequestHash(String value) {

  /** SHA-256 over the words, each with its length before it, and then the body. */
  public static RequestHash of(List<String> words, byte[] body) {
    var digest = Sha256.digest();
    for (var word : words) {
      var bytes = word.getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    digest.update(body);
    return new RequestHash(Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()));
  }
}
