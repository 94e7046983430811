package clawster.stories;

import clawster.http.kernel.Operation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A request that an operation is tried with.
 *
 * @param target path and query
 * @param headers besides the credential and the body's type, which they may replace
 */
record Attempt(
    Operation operation,
    String target,
    Map<String, String> headers,
    Optional<String> body,
    Expected expected) {

  /** What may come of it, beyond what any answer has to be. */
  record Expected(String name, IntPredicate status) {

    /**
     * What is asked for is not there, not as it would have to be, or was tried too often; or is no
     * answer, but a connection of another kind.
     */
    private static final Set<Integer> MAY_BE = Set.of(404, 409, 422, 426, 429);

    /** It is as declared: nothing is wrong with its form. */
    static final Expected WELL_FORMED =
        new Expected("well-formed", status -> status < 400 || MAY_BE.contains(status));

    static final Expected REFUSED = new Expected("refused", status -> status / 100 == 4);

    static final Expected ANYTHING = new Expected("anything", _ -> true);

    static Expected exactly(int expected) {
      return new Expected("exactly " + expected, status -> status == expected);
    }
  }

  @Override
  public String toString() {
    return "%s %s %s %s (%s)"
        .formatted(
            operation.method().value(),
            target,
            headers,
            body.map(text -> text.length() > 300 ? text.substring(0, 300) + "…" : text).orElse(""),
            expected.name());
  }
}
