package clawster.runtime.audit;

/**
 * Who did it, as its credential says.
 *
 * @param type {@code gateway}, {@code api_key}, …
 * @param id what tells it from others of its type
 */
public record Actor(String type, String id) {

  /** Nobody in particular. */
  public static final Actor ANYBODY = new Actor("anybody", "anybody");
}
