package clawster.node;

import java.time.Duration;

/** Everything about a {@link LogFile} that has an end. */
final class LogLimits {

  /** The bytes of one file; no line makes it longer. */
  static final long FILE = 20L << 20;

  /** How many full files are kept beside the one that is written: 120 MiB a node in all. */
  static final int OLDER = 5;

  /** The bytes in the file of a message, an error's message, or a stack trace. */
  static final int TEXT = 8 << 10;

  /**
   * The bytes in the file of a name: a thread's, a logger's, a class's; of a context's key and
   * value.
   */
  static final int NAME = 512;

  /** How many frames of an error and of each of its causes; room is left for the causes. */
  static final int FRAMES = 20;

  /** How many entries of its context a line has. */
  static final int CONTEXT = 16;

  /**
   * Lines that wait to be written. Where a fifth is left, only warnings and errors may still wait.
   */
  static final int QUEUE = 1024;

  /** How long a node that ends waits for what is in the queue. */
  static final Duration FLUSH = Duration.ofSeconds(2);

  /** After what a file that could not be written is tried again. */
  static final Duration RETRY = Duration.ofSeconds(10);

  /** How often at most it is said that lines are missing. */
  static final Duration TELL = Duration.ofSeconds(10);

  private LogLimits() {}
}
