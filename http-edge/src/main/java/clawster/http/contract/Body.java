package clawster.http.contract;

/**
 * A request's body, which is JSON.
 *
 * @param limit bytes
 * @param example one that is served
 */
public record Body(Schema schema, long limit, String example) {

  public static final String MEDIA_TYPE = "application/json";

  public Body {
    if (limit <= 0) {
      throw new IllegalArgumentException("a body that nobody may send");
    }
  }
}
