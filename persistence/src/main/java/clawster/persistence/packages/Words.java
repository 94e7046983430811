package clawster.persistence.packages;

import java.util.Locale;

/** Values that stand in columns as their names in small letters. */
final class Words {

  private Words() {}

  /**
   * @throws IllegalArgumentException if this version of the program has no such value
   */
  static <E extends Enum<E>> E read(Class<E> type, String column) {
    return Enum.valueOf(type, column.toUpperCase(Locale.ROOT));
  }
}
