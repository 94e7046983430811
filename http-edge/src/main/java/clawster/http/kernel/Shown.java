package clawster.http.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * What a caller shows to say who it is, right or wrong.
 *
 * @param authorizations as {@code Authorization} headers have them
 * @param senders sender ids of paired browsers
 */
public record Shown(List<String> authorizations, List<String> senders) {

  /** In which paired browsers say who they are, as {@code HttpHeader.is} compares names. */
  private static final String SENDER = Authentication.SENDER_HEADER.toLowerCase(Locale.ROOT);

  public Shown {
    authorizations = List.copyOf(authorizations);
    senders = List.copyOf(senders);
  }

  static Shown by(HttpRequest request) {
    return new Shown(
        Headers.values(request, "authorization").toList(),
        Headers.values(request, SENDER).toList());
  }

  /** By whoever says it in words of its own. What is blank is not shown. */
  public static Shown of(Optional<String> token, Optional<String> sender) {
    return new Shown(
        token.filter(text -> !text.isBlank()).map(text -> "Bearer " + text).stream().toList(),
        sender.filter(text -> !text.isBlank()).stream().toList());
  }
}
