package clawster.http.contract;

/**
 * What an answer brings.
 *
 * @param mediaType as a client would accept it, perhaps with a {@code *}
 * @param schema of server-sent events, that of an event's data
 */
public record Content(String mediaType, Schema schema) {

  public static final String EVENTS = "text/event-stream";

  public static Content json(Schema schema) {
    return new Content(Body.MEDIA_TYPE, schema);
  }

  public static Content events(Schema each) {
    return new Content(EVENTS, each);
  }

  /** Bytes of which no more is said. */
  public static Content media(String type) {
    return new Content(type, Schema.text());
  }
}
