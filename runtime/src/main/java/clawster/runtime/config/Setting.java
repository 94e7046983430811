package clawster.runtime.config;

/**
 * One thing that can be set.
 *
 * @param name sections and key in the document, {@code gateway.allowed_hosts}
 * @param variable the environment variable that fixes it at a node
 * @param otherwise its value where it is not set
 */
public record Setting<T>(String name, String variable, Kind<T> kind, T otherwise, Takes takes) {

  /** When a change of it shows. */
  public enum Takes {
    /** At all nodes within {@link LiveConfig#REFRESH} or two. */
    AT_ONCE,
    /** When a node starts. */
    AT_START
  }
}
