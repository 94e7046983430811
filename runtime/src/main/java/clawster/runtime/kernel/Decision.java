package clawster.runtime.kernel;

import java.util.List;

/** What a decider says to a command: what happened, or why not. */
public sealed interface Decision<E> {

  /** These events happen, in this order, together or not at all; none when nothing changes. */
  record Happens<E>(List<E> events) implements Decision<E> {
    public Happens {
      events = List.copyOf(events);
    }
  }

  record Refused<E>(Problem problem) implements Decision<E> {}

  static <E> Decision<E> nothing() {
    return new Happens<>(List.of());
  }

  static <E> Decision<E> happens(E event) {
    return new Happens<>(List.of(event));
  }

  static <E> Decision<E> happens(List<E> events) {
    return new Happens<>(events);
  }

  static <E> Decision<E> refused(Problem problem) {
    return new Refused<>(problem);
  }
}
