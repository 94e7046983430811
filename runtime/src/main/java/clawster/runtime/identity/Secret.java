package clawster.runtime.identity;

import clawster.runtime.kernel.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What its owner shows. It is long and random, so a plain SHA-256 is all that has to be kept. */
public interface Secret {

  /** To be said once. */
  String reveal();

  /** Lower-case hex of the SHA-256 of the whole secret. */
  default String hash() {
    return HexFormat.of()
        .formatHex(Sha256.digest().digest(reveal().getBytes(StandardCharsets.US_ASCII)));
  }
}
