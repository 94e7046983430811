package clawster.runtime.identity;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.util.List;

/** Why somebody is not let in, or may not do it. */
public final class IdentityProblems {

  /** No credential, or none that is good: which of both is not said. */
  public static final Problem UNAUTHORIZED =
      Problem.of(Kind.UNAUTHENTICATED, "request.unauthorized");

  public static final Problem FORBIDDEN = Problem.of(Kind.FORBIDDEN, "request.forbidden");

  /** Nobody can give what they do not have. */
  public static final Problem BEYOND_SCOPES = Problem.of(Kind.FORBIDDEN, "key.beyond_scopes");

  public static final Problem NO_SUCH_KEY = Problem.of(Kind.NOT_FOUND, "key.not_found");

  public static final List<Problem> ALL =
      List.of(UNAUTHORIZED, FORBIDDEN, BEYOND_SCOPES, NO_SUCH_KEY);

  private IdentityProblems() {}
}
