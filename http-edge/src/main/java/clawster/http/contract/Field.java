package clawster.http.contract;

/** A field of an object; what is absent, or null in a request, has to be optional. */
public record Field(String name, Schema schema, boolean required, String description) {

  public static Field field(String name, Schema schema, String description) {
    return new Field(name, schema, true, description);
  }

  public static Field field(String name, Schema schema) {
    return field(name, schema, "");
  }

  public static Field optional(String name, Schema schema, String description) {
    return new Field(name, schema, false, description);
  }

  public static Field optional(String name, Schema schema) {
    return optional(name, schema, "");
  }
}
