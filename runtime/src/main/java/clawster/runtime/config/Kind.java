package clawster.runtime.config;

import clawster.runtime.kernel.Flaw;
import clawster.runtime.limits.Network;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a setting's values are. Outside they are plain: a {@link Boolean}, a {@link Number}, a
 * {@link String} or a {@link List} of strings, as JSON has them.
 */
public sealed interface Kind<T> {

  /** Empty if it is no such value. */
  Optional<T> read(Object plain);

  /** From an environment variable; empty if it is no such value. */
  Optional<T> parse(String text);

  Object plain(T value);

  /** Of what is no value of this kind. */
  Flaw flaw();

  record Flag() implements Kind<Boolean> {

    @Override
    public Optional<Boolean> read(Object plain) {
      return plain instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    @Override
    public Optional<Boolean> parse(String text) {
      return switch (text) {
        case "1", "true" -> Optional.of(true);
        case "0", "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public Object plain(Boolean value) {
      return value;
    }

    @Override
    public Flaw flaw() {
      return Flaw.FLAG;
    }
  }

  /** From {@code least} to {@code most}. */
  record Whole(int least, int most) implements Kind<Integer> {

    @Override
    public Optional<Integer> read(Object plain) {
      if (!(plain instanceof Number number)) {
        return Optional.empty();
      }
      try {
        return inRange(new BigDecimal(number.toString()).intValueExact());
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
    }

    @Override
    public Optional<Integer> parse(String text) {
      try {
        return inRange(Integer.parseInt(text));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    private Optional<Integer> inRange(int number) {
      return number >= least && number <= most ? Optional.of(number) : Optional.empty();
    }

    @Override
    public Object plain(Integer value) {
      return value;
    }

    @Override
    public Flaw flaw() {
      return Flaw.whole(least, most);
    }
  }

  /** A time: from {@code least} to {@code most} of a unit. */
  record Time(Unit unit, int least, int most) implements Kind<Duration> {

    /** In which times are written. */
    public enum Unit {
      SECONDS(Duration.ofSeconds(1), Flaw.of("seconds")),
      DAYS(Duration.ofDays(1), Flaw.of("days"));

      private final Duration one;
      private final Flaw flaw;

      Unit(Duration one, Flaw flaw) {
        this.one = one;
        this.flaw = flaw;
      }
    }

    @Override
    public Optional<Duration> read(Object plain) {
      return number().read(plain).map(unit.one::multipliedBy);
    }

    @Override
    public Optional<Duration> parse(String text) {
      return number().parse(text).map(unit.one::multipliedBy);
    }

    @Override
    public Object plain(Duration value) {
      return Math.toIntExact(value.dividedBy(unit.one));
    }

    @Override
    public Flaw flaw() {
      return unit.flaw.with("least", least).with("most", most);
    }

    private Whole number() {
      return new Whole(least, most);
    }
  }

  /** One line of text, of a form. */
  record Line(Pattern pattern, String example) implements Kind<String> {

    @Override
    public Optional<String> read(Object plain) {
      return plain instanceof String text ? parse(text) : Optional.empty();
    }

    @Override
    public Optional<String> parse(String text) {
      return pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    @Override
    public Object plain(String value) {
      return value;
    }

    @Override
    public Flaw flaw() {
      return Flaw.of("unlike").with("example", example);
    }
  }

  /** Several lines, at most {@value #MOST}; separated by commas in the environment. */
  record Lines(Line each) implements Kind<List<String>> {

    public static final int MOST = 100;

    @Override
    public Optional<List<String>> read(Object plain) {
      if (!(plain instanceof List<?> list) || list.size() > MOST) {
        return Optional.empty();
      }
      var all = new ArrayList<String>(list.size());
      for (var item : list) {
        each.read(item).ifPresent(all::add);
      }
      return all.size() == list.size() ? Optional.of(List.copyOf(all)) : Optional.empty();
    }

    @Override
    public Optional<List<String>> parse(String text) {
      return read(
          Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList());
    }

    @Override
    public Object plain(List<String> value) {
      return value;
    }

    @Override
    public Flaw flaw() {
      return Flaw.of("list_unlike").with("most", MOST).with("example", each.example());
    }
  }

  /**
   * Addresses and networks, written as {@link Network#parse} takes them. One that is everybody is
   * none: whom it trusts would be whoever comes.
   */
  record Networks() implements Kind<List<Network>> {

    /** What they look like; not all that do are any. */
    public static final Line FORM =
        new Line(Pattern.compile("[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?"), "10.0.0.0/8");

    private static final Lines LINES = new Lines(FORM);

    @Override
    public Optional<List<Network>> read(Object plain) {
      return LINES.read(plain).flatMap(Networks::networks);
    }

    @Override
    public Optional<List<Network>> parse(String text) {
      return LINES.parse(text).flatMap(Networks::networks);
    }

    private static Optional<List<Network>> networks(List<String> texts) {
      try {
        var networks = texts.stream().map(Network::parse).toList();
        return networks.stream().noneMatch(Network::isEverybody)
            ? Optional.of(networks)
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    @Override
    public Object plain(List<Network> value) {
      return value.stream().map(Network::text).toList();
    }

    @Override
    public Flaw flaw() {
      return LINES.flaw();
    }
  }
}
