package clawster.runtime.packages;

import java.util.List;

/**
 * A program that packages need, on a node.
 *
 * @param name as {@link #NAMES} has it
 * @param version the first line of what it says of itself; empty if it is not there
 */
public record LanguageRuntime(String name, boolean available, String version) {

  public static final String HELPER = "pkg-helper";

  /** In the order in which they are shown. */
  public static final List<String> NAMES = List.of("python3", "pip3", "node", "npm", HELPER);
}
