package clawster.bench.load;

import java.util.Arrays;

/** Numbers and their percentiles. */
final class Samples {

  private double[] values = new double[1024];
  private int count;
  private boolean sorted;

  void add(double value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = value;
    sorted = false;
  }

  /**
   * The smallest value which at least this share (0 to 1) of all values does not exceed; NaN where
   * there is none.
   */
  double at(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    if (!sorted) {
      Arrays.sort(values, 0, count);
      sorted = true;
    }
    return values[Math.clamp((long) Math.ceil(share * count) - 1, 0, count - 1)];
  }

  double median() {
    return at(0.5);
  }
}
