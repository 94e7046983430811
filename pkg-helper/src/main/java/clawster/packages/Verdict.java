package clawster.packages;

import java.util.Optional;

/** What is to become of a request: an {@link Order}, or {@link Reply.Failed} at once. */
public sealed interface Verdict permits Order, Reply.Failed {

  /** The package is looked at before the action, as clients of the first protocol expect. */
  static Verdict of(NameRule names, Request request) {
    var action = Action.ofWire(request.action());
    if (action.isPresent() && !action.get().isNamed()) {
      return request.name().isEmpty()
          ? new Order(action.get(), Optional.empty(), request.progress())
          : invalid("package not allowed");
    }
    if (request.name().isEmpty()) {
      return invalid("package required");
    }
    var name = PackageName.of(names, request.name());
    if (name.isEmpty()) {
      return invalid("invalid package name");
    }
    return action.isPresent()
        ? new Order(action.get(), name, request.progress())
        : invalid("unknown action: " + request.action());
  }

  private static Reply.Failed invalid(String error) {
    return new Reply.Failed(FailureCode.VALIDATION, error);
  }
}
