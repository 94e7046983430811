package clawster.runtime.kernel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with a value: a code, so that it can be said in any language, and what that cannot
 * say by itself. Facts need no translation: numbers, names, words of a protocol.
 *
 * @param code {@code flaw.required}
 */
public record Flaw(String code, Map<String, String> facts) {

  public static final Flaw REQUIRED = of("required");
  public static final Flaw UNSUPPORTED = of("unsupported");
  public static final Flaw OBJECT = of("object");
  public static final Flaw ARRAY = of("array");
  public static final Flaw TEXT = of("text");
  public static final Flaw TEXTS = of("texts");
  public static final Flaw FLAG = of("flag");
  public static final Flaw NUMBER = of("number");
  public static final Flaw CONTROL_CHARACTERS = of("control_characters");

  public Flaw {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  public static Flaw of(String name) {
    return new Flaw("flaw." + name, Map.of());
  }

  public Flaw with(String fact, Object value) {
    var more = new TreeMap<>(facts);
    more.put(fact, String.valueOf(value));
    return new Flaw(code, more);
  }

  /** A whole number is expected. */
  public static Flaw whole(long least, long most) {
    return of("whole").with("least", least).with("most", most);
  }

  /** So many characters are expected. */
  public static Flaw length(int least, int most) {
    return of("length").with("least", least).with("most", most);
  }

  /** No more characters are expected. */
  public static Flaw longer(int most) {
    return of("longer").with("most", most);
  }

  /** Nothing else is expected. */
  public static Flaw notOneOf(String... words) {
    return of("not_one_of").with("words", String.join(", ", words));
  }

  /** Nobody here knows that. */
  public static Flaw unknown(String value) {
    return of("unknown").with("value", value);
  }
}
