package clawster.runtime.models;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A tool as a model sees it.
 *
 * @param parameters JSON Schema of the arguments, as JSON text
 * @param strict whether the arguments must keep to that schema, where an upstream can promise it;
 *     left out of JSON unless true, so that what was written before it was thought of reads the
 *     same
 */
public record ToolSpec(
    String name,
    String description,
    String parameters,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean strict) {

  public ToolSpec(String name, String description, String parameters) {
    this(name, description, parameters, false);
  }
}
