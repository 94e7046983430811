package clawster.pkghelper;

import java.util.ArrayList;
import java.util.List;

/**
 * What the audit says of something that happened, but for when.
 *
 * @param fields name, value, name, value
 */
record Entry(String event, List<String> fields) {

  private static final int MAX_LENGTH = 200;

  Entry {
    fields = List.copyOf(fields);
  }

  /** A long value is cut. */
  static Entry of(String event, String... fields) {
    var cut = new ArrayList<>(List.of(fields));
    for (int value = 1; value < cut.size(); value += 2) {
      cut.set(value, cut(cut.get(value)));
    }
    return new Entry(event, cut);
  }

  private static String cut(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
  }
}
