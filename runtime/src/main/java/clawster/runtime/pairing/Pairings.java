package clawster.runtime.pairing;

import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Credentials;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The devices of the whole cluster, by {@link PairingRules}. */
public interface Pairings extends Credentials<SenderId, PairedDevice> {

  /**
   * Decides, one command after the other. What happens is durable when it completes, with the
   * entries of it, or nothing is.
   *
   * @param entry what is to be recorded of an action; about what, is added
   */
  CompletionStage<Decision<PairingEvent>> tell(
      PairingCommand command, Function<Action, AuditEntry> entry);

  /** Whatever is stored: also what has had its time since. */
  CompletionStage<PairingState> state();
}
