package clawster.runtime.sessions;

import clawster.runtime.models.Usage;
import clawster.runtime.runs.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What happened to a session. Written to the journal under the names of {@link SessionSerializer},
 * for ever.
 */
public sealed interface SessionEvent {

  Instant at();

  record Opened(SessionProfile profile, Instant at) implements SessionEvent {}

  /**
   * Input is ours to answer.
   *
   * @param steering whether it is to join the run that goes on
   */
  record Accepted(RunId run, List<Message> input, RunSpec spec, boolean steering, Instant at)
      implements SessionEvent {
    public Accepted {
      input = List.copyOf(input);
    }
  }

  /** A new owner goes on with the open run. */
  record Claimed(int epoch, Instant at) implements SessionEvent {}

  /** The model asked for tools; none has started before this is persisted. */
  record ToolsIntended(RunId run, Message message, List<Call> calls, Usage usage, Instant at)
      implements SessionEvent {
    public ToolsIntended {
      calls = List.copyOf(calls);
    }
  }

  record ToolSettled(RunId run, String callId, ToolOutcome outcome, Message message, Instant at)
      implements SessionEvent {}

  /**
   * The turn is over.
   *
   * @param messages the answer; empty when the last message was already recorded with its tool
   *     calls
   * @param awaited calls the caller is to run before the conversation can go on
   */
  record Completed(
      RunId run,
      List<Message> messages,
      List<Call> awaited,
      String finishReason,
      Usage usage,
      Instant at)
      implements SessionEvent {
    public Completed {
      messages = List.copyOf(messages);
      awaited = List.copyOf(awaited);
    }
  }

  /**
   * @param messages what had been shown of the answer, if anything
   */
  record Failed(RunId run, String code, String reason, List<Message> messages, Instant at)
      implements SessionEvent {
    public Failed {
      messages = List.copyOf(messages);
    }
  }

  /**
   * @param messages what had been shown of the answer, if anything
   */
  record Aborted(RunId run, List<Message> messages, Instant at) implements SessionEvent {
    public Aborted {
      messages = List.copyOf(messages);
    }
  }

  /** A steering run's input is part of {@code into}, which is about to call the model again. */
  record Absorbed(RunId run, RunId into, Instant at) implements SessionEvent {}

  /** The caller's tool results never came; their calls are closed with these messages. */
  record AwaitedDropped(List<Message> messages, Instant at) implements SessionEvent {
    public AwaitedDropped {
      messages = List.copyOf(messages);
    }
  }

  /**
   * @param inputMode of those that say nothing
   */
  record Patched(
      String label, String model, Map<String, String> metadata, InputMode inputMode, Instant at)
      implements SessionEvent {
    public Patched {
      inputMode = SessionProfile.orQueue(inputMode);
      metadata = Map.copyOf(metadata);
    }
  }

  record Reset(Instant at) implements SessionEvent {}

  /**
   * @param epoch owners there have been; all that is left of a deleted session's journal is this
   */
  record Deleted(int epoch, Instant at) implements SessionEvent {}
}
