package clawster.runtime.models;

/**
 * A tool as a model sees it.
 *
 * @param parameters JSON Schema of the arguments, as JSON text
 */
public record ToolSpec(String name, String description, String parameters) {}
