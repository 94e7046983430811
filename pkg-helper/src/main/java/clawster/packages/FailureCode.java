package clawster.packages;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why something was not done. */
public enum FailureCode {
  /** The request is none. */
  VALIDATION,
  /** Somebody else is at it, or too many are; later it may be done. */
  LOCKED,
  PERMISSION,
  DISK_FULL,
  NOT_FOUND,
  /** Something else that is installed, or wanted, stands against it. */
  CONFLICT,
  NETWORK,
  /** It took too long and was stopped. */
  TIMEOUT,
  SYSTEM_ERROR,
  /** Said by clients only: nobody was asked. */
  HELPER_UNAVAILABLE;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Of what the file system says only one thing is of use to who asked: that it is full. */
  public static FailureCode of(IOException failure) {
    var why = failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
    return why != null && why.contains("No space left") ? DISK_FULL : SYSTEM_ERROR;
  }

  static Optional<FailureCode> ofWire(String text) {
    return Arrays.stream(values()).filter(code -> code.wire().equals(text)).findFirst();
  }
}
