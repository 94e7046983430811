package clawster.http.kernel;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKey;

/**
 * That a connection goes on after its last answer, as something else than HTTP. It counts as its
 * address's until that ends, too.
 *
 * @param end when it does
 */
record Upgrade(CompletionStage<?> end) {

  static final AttributeKey<Upgrade> KEY = AttributeKey.create("upgrade", Upgrade.class);
}
