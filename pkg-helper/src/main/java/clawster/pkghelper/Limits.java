package clawster.pkghelper;

import java.time.Duration;

/**
 * @param request how long a request may take to arrive, from the connection or the last reply on
 * @param operation how long a package manager may work before it is stopped
 * @param waiting how long a request waits for the one before it
 */
record Limits(Duration request, Duration operation, Duration waiting) {

  /** A slow installation takes minutes: a compiler over a thin line. */
  static final Limits USUAL =
      new Limits(Duration.ofSeconds(30), Duration.ofMinutes(15), Duration.ofMinutes(20));

  /** At once; one more is told so. */
  static final int CONNECTIONS = 3;

  /** At once, of those who are told so. */
  static final int TURNED_AWAY = 8;

  /** How long a reply may take to be taken. */
  static final Duration REPLY = Duration.ofSeconds(5);

  /** The same for a line that may as well be lost. */
  static final Duration PROGRESS = Duration.ofSeconds(1);

  /** How long all such lines of a change may take: the package manager waits for who reads them. */
  static final Duration ALL_PROGRESS = Duration.ofSeconds(5);

  /** Those of the list of what was installed. */
  static final int PACKAGES = 1000;
}
