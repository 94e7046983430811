package clawster.http.contract;

import java.util.Arrays;
import java.util.List;

/** What a JSON value looks like, as far as JSON Schema can say it. */
public sealed interface Schema {

  /** As long as it likes to be. */
  int ENDLESS = Integer.MAX_VALUE;

  /**
   * @param least characters
   * @param most characters, or {@link #ENDLESS}
   */
  record Text(int least, int most) implements Schema {}

  /** One of some texts. */
  record Words(List<String> words) implements Schema {

    public Words {
      words = List.copyOf(words);
    }
  }

  /** A text that is, as a whole, of a form. */
  record Formed(String pattern, String example) implements Schema {

    public Formed {
      if (!example.matches(pattern)) {
        throw new IllegalArgumentException(example + " is not of the form " + pattern);
      }
    }
  }

  /** RFC 3339. */
  record Time() implements Schema {}

  record Uuid() implements Schema {}

  record Whole(long least, long most) implements Schema {}

  record Number() implements Schema {}

  record Flag() implements Schema {}

  record Many(Schema of, int least, int most) implements Schema {}

  /** An object with these fields: an answer has no others, and others of a request are ignored. */
  record Shape(List<Field> fields) implements Schema {

    public Shape {
      fields = List.copyOf(fields);
    }
  }

  /** An object whose fields have any names. */
  record Table(Schema values) implements Schema {}

  /** One of these, or several of them at once. */
  record Either(List<Schema> of) implements Schema {

    public Either {
      of = List.copyOf(of);
    }
  }

  record Nullable(Schema of) implements Schema {}

  /** One that is written down once, and referred to. */
  record Named(String name, Schema of) implements Schema {}

  record Anything() implements Schema {}

  static Schema text() {
    return text(0, ENDLESS);
  }

  static Schema text(int least, int most) {
    return new Text(least, most);
  }

  static Schema words(String... words) {
    return new Words(Arrays.asList(words));
  }

  static Schema formed(String pattern, String example) {
    return new Formed(pattern, example);
  }

  static Schema time() {
    return new Time();
  }

  static Schema uuid() {
    return new Uuid();
  }

  static Schema whole() {
    return whole(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Schema whole(long least, long most) {
    return new Whole(least, most);
  }

  /** Of something there is, or is none of. */
  static Schema count() {
    return whole(0, Long.MAX_VALUE);
  }

  static Schema number() {
    return new Number();
  }

  static Schema flag() {
    return new Flag();
  }

  static Schema listOf(Schema of) {
    return listOf(of, 0, ENDLESS);
  }

  static Schema listOf(Schema of, int least, int most) {
    return new Many(of, least, most);
  }

  static Schema object(Field... fields) {
    return new Shape(Arrays.asList(fields));
  }

  static Schema tableOf(Schema values) {
    return new Table(values);
  }

  static Schema either(Schema... of) {
    return new Either(Arrays.asList(of));
  }

  static Schema orNull(Schema of) {
    return new Nullable(of);
  }

  static Schema named(String name, Schema of) {
    return new Named(name, of);
  }

  static Schema anything() {
    return new Anything();
  }
}
