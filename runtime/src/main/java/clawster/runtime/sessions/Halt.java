package clawster.runtime.sessions;

import clawster.runtime.sessions.SessionState.Open;
import clawster.runtime.sessions.SessionState.Run;
import java.util.Optional;

/**
 * The stopping of a model call for somebody who will end its run. Only when the call has stopped is
 * known what it had shown, so whoever wants to end the run waits for that, and says it again then.
 */
final class Halt {

  private record Halted(Owed.ModelCall call, Optional<Message> shown) {}

  private boolean awaited;
  private Optional<Halted> halted = Optional.empty();

  /** Whether the command, should it be let in, ends the run that is going on. */
  static boolean isNeededFor(SessionState state, SessionCommand command) {
    return switch (command) {
      case SessionCommand.Reset _, SessionCommand.Delete _ -> true;
      case SessionCommand.Abort abort ->
          abort.run().isEmpty() || current(state).map(Run::id).equals(abort.run());
      case SessionCommand.Submit submit ->
          SessionRules.mode(state, submit) == InputMode.INTERRUPT
              && !(state instanceof Open open && open.knows(submit.run()));
      case SessionCommand.Claim _,
          SessionCommand.SettleModel _,
          SessionCommand.FailModel _,
          SessionCommand.SettleTool _,
          SessionCommand.DropAwaited _,
          SessionCommand.Patch _ ->
          false;
    };
  }

  void begin() {
    awaited = true;
  }

  /** Whether a call is being stopped and has not come to its end. */
  boolean isAwaited() {
    return awaited;
  }

  /** The call has come to its end, stopped or not. */
  void end() {
    awaited = false;
  }

  /** The call was stopped, and this is what it had shown. */
  void stopped(Owed.ModelCall call, Optional<Message> shown) {
    halted = Optional.of(new Halted(call, shown));
  }

  /** What the current run's call had shown when it was stopped. */
  Optional<Message> shown(SessionState state) {
    return halted
        .filter(h -> current(state).filter(run -> run.id().equals(h.call().run())).isPresent())
        .flatMap(Halted::shown);
  }

  /** Whether this is the call that was stopped: it must not start again. */
  boolean covers(Owed owed) {
    return halted.filter(h -> h.call().equals(owed)).isPresent();
  }

  private static Optional<Run> current(SessionState state) {
    return state instanceof Open open ? open.current() : Optional.empty();
  }
}
