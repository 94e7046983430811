package clawster.http.contract;

/** What a request says outside its body. */
public record Parameter(
    Place place, String name, Schema schema, boolean required, String description) {

  public enum Place {
    PATH,
    QUERY,
    HEADER
  }

  /** A variable of the path. */
  public static Parameter path(String name, Schema schema, String description) {
    return new Parameter(Place.PATH, name, schema, true, description);
  }

  public static Parameter query(String name, Schema schema, String description) {
    return new Parameter(Place.QUERY, name, schema, false, description);
  }

  public static Parameter header(String name, Schema schema, String description) {
    return new Parameter(Place.HEADER, name, schema, false, description);
  }
}
