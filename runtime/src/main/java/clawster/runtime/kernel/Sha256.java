package clawster.runtime.kernel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash that everything here is known again by. */
public final class Sha256 {

  private Sha256() {}

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
