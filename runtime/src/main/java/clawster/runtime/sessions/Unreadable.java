package clawster.runtime.sessions;

import java.io.NotSerializableException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.serialization.DisabledJavaSerializer.JavaSerializationException;

/**
 * Tells a session that cannot be read from a database that cannot be reached: why recovery failed
 * is all there is to go by. What is not known to be about the rows themselves counts as passing,
 * for a session that is wrongly given up answers nobody.
 */
final class Unreadable {

  private static final int MAX_REASON = 200;
  private static final int MAX_CAUSES = 10;

  /** An event of the journal that the rules cannot take in. */
  static final class EventRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EventRefused(SessionEvent event, RuntimeException why) {
      super(
          event.getClass().getSimpleName()
              + " cannot follow what is before it: "
              + why.getMessage(),
          why);
    }
  }

  private Unreadable() {}

  /** What is wrong with what is stored; empty if nothing is known to be. */
  static Optional<String> reason(Throwable failure) {
    return Stream.iterate(failure, why -> why != null, Throwable::getCause)
        .limit(MAX_CAUSES)
        .filter(Unreadable::isAboutRows)
        .findFirst()
        .map(why -> shortened(why.getClass().getSimpleName() + ": " + why.getMessage()));
  }

  private static boolean isAboutRows(Throwable why) {
    return switch (why) {
      // Bytes that are nothing, or a name that only a newer version knows.
      case NotSerializableException _, EventRefused _, JavaSerializationException _ -> true;
      // Bytes that are something, only no event; and what serializers make of bytes not theirs.
      case ClassCastException _,
          IllegalArgumentException _,
          NullPointerException _,
          IndexOutOfBoundsException _ ->
          true;
      // Rows of two writers at once, which the journal's replay filter refuses.
      case IllegalStateException _ -> String.valueOf(why.getMessage()).contains("replayed event");
      default -> false;
    };
  }

  private static String shortened(String reason) {
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
  }
}
