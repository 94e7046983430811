package clawster.runtime.config;

/**
 * One version of the document, as all nodes see it.
 *
 * @param number from 1; 0 before anything was set
 */
public record ConfigVersion(long number, ConfigDocument document) {

  public static final ConfigVersion NONE = new ConfigVersion(0, ConfigDocument.EMPTY);
}
