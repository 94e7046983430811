package clawster.runtime.pairing;

import clawster.runtime.kernel.Problem;
import clawster.runtime.kernel.Problem.Kind;
import java.time.Duration;
import java.util.List;

/** Why a device is not let in, or somebody may not let it in. */
public final class PairingProblems {

  /** Where everybody is admin there is nothing to be let in to. */
  public static final Problem NO_TOKEN = Problem.of(Kind.CONFLICT, "pairing.no_token");

  /** From there, or in all. */
  public static final Problem TOO_MANY_PENDING =
      Problem.of(Kind.BUSY, "pairing.too_many_pending").retryAfter(PairingRules.CODE_LASTS);

  public static final Problem TOO_MANY_PAIRED =
      Problem.of(Kind.CONFLICT, "pairing.too_many_paired");

  /** There is none, there was one, or somebody has used it: which of these is not said. */
  public static final Problem NO_SUCH_CODE = Problem.of(Kind.NOT_FOUND, "pairing.no_such_code");

  public static final Problem TOO_MANY_WRONG =
      Problem.of(Kind.BUSY, "pairing.too_many_wrong").retryAfter(PairingEvent.Missed.COUNTS_FOR);

  /** Nobody can give what they do not have. */
  public static final Problem BEYOND_SCOPES = Problem.of(Kind.FORBIDDEN, "pairing.beyond_scopes");

  public static final Problem NOT_PAIRED = Problem.of(Kind.NOT_FOUND, "pairing.not_paired");

  /** Who asks too often. */
  public static final Problem TOO_OFTEN =
      Problem.of(Kind.BUSY, "pairing.too_often").retryAfter(Duration.ofMinutes(1));

  public static final List<Problem> ALL =
      List.of(
          NO_TOKEN,
          TOO_MANY_PENDING,
          TOO_MANY_PAIRED,
          NO_SUCH_CODE,
          TOO_MANY_WRONG,
          BEYOND_SCOPES,
          NOT_PAIRED,
          TOO_OFTEN);

  /** Of who asks to be let in. */
  public static final List<Problem> OF_REQUESTS = List.of(NO_TOKEN, TOO_MANY_PENDING, TOO_OFTEN);

  /** Of who lets in. */
  public static final List<Problem> OF_APPROVALS =
      List.of(NO_SUCH_CODE, TOO_MANY_WRONG, TOO_MANY_PAIRED, BEYOND_SCOPES);

  private PairingProblems() {}
}
