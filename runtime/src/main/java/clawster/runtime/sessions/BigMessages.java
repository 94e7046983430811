package clawster.runtime.sessions;

import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Part;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;

/** Sends what is too big for a frame by reference. */
final class BigMessages {

  /** Characters a message may have to travel as it is. A character is three bytes at most. */
  static final int MAX_CHARS = 64 * 1024;

  /** What names, ids and times around a text take at most, in characters. */
  private static final int FRAME = 256;

  private final Payloads payloads;
  private final Serialization serialization;

  BigMessages(ActorSystem<?> system, Payloads payloads) {
    this.payloads = payloads;
    this.serialization = SerializationExtension.get(system.classicSystem());
  }

  static boolean isBig(SessionCommand.Submit command) {
    return chars(command.opening())
            + chars(command.input())
            + chars(command.spec())
            + command.stopped().stream().mapToLong(BigMessages::chars).sum()
        > MAX_CHARS;
  }

  static boolean isBig(SessionState.Open state) {
    var runs = SessionState.append(state.waiting(), state.current().stream().toList());
    return chars(state.profile())
            + chars(state.history())
            + runs.stream().mapToLong(BigMessages::chars).sum()
            + state.awaited().stream().mapToLong(BigMessages::chars).sum()
            + state.ended().stream().mapToLong(end -> FRAME + end.detail().length()).sum()
        > MAX_CHARS;
  }

  private static long chars(SessionProfile profile) {
    return FRAME
        + profile.key().value().length()
        + profile.user().length()
        + profile.label().length()
        + profile.metadata().toString().length();
  }

  private static long chars(SessionState.Run run) {
    return FRAME
        + chars(run.input())
        + chars(run.spec())
        + Stream.concat(run.open().stream(), run.client().stream())
            .mapToLong(BigMessages::chars)
            .sum();
  }

  private static long chars(RunSpec spec) {
    return spec.options().toString().length()
        + spec.clientTools().stream()
            .mapToLong(tool -> FRAME + tool.description().length() + tool.parameters().length())
            .sum();
  }

  private static long chars(Call call) {
    return FRAME + call.arguments().length();
  }

  private static long chars(List<Message> messages) {
    return messages.stream().mapToLong(BigMessages::chars).sum();
  }

  private static long chars(Message message) {
    return FRAME
        + message.content().stream().mapToLong(BigMessages::chars).sum()
        + message.thinking().length()
        + message.toolCalls().stream().mapToLong(BigMessages::chars).sum();
  }

  private static long chars(Part part) {
    return switch (part) {
      case Part.Text(String text) -> text.length();
      case Part.Image image -> image.url().length();
    };
  }

  private static long chars(ModelMessage.ToolCall call) {
    return FRAME + call.arguments().length();
  }

  CompletionStage<UUID> store(Object message) {
    return payloads.store(serialization.serialize(message).get());
  }

  <T> CompletionStage<T> load(UUID id, Class<T> type) {
    return payloads.load(id).thenApply(bytes -> serialization.deserialize(bytes, type).get());
  }

  /** Hands on what came by reference; whoever sent it is told if it cannot be loaded. */
  void deliver(SessionMessage.StoredSubmit stored, ActorRef<SessionMessage> to) {
    load(stored.command(), SessionCommand.Submit.class)
        .whenComplete(
            (command, failure) -> {
              if (failure == null) {
                to.tell(new SessionMessage.Submit(command, stored.listener(), stored.replyTo()));
              } else {
                stored.replyTo().tell(new SessionMessage.Refused(SessionProblems.UNAVAILABLE));
              }
            });
  }

  CompletionStage<SessionMessage.Reply> unpack(SessionMessage.Delivery delivery) {
    return switch (delivery) {
      case SessionMessage.StoredView(UUID view) ->
          load(view, SessionMessage.View.class).thenApply(whole -> whole);
      case SessionMessage.Reply reply -> CompletableFuture.completedStage(reply);
    };
  }

  /** Answers with the session as it is; somebody on another node gets a big one by reference. */
  void show(SessionState.Open state, ActorRef<SessionMessage.Delivery> to) {
    var view = new SessionMessage.View(state);
    if (to.path().address().hasLocalScope() || !isBig(state)) {
      to.tell(view);
      return;
    }
    store(view)
        .whenComplete(
            (payload, failure) ->
                to.tell(
                    failure == null
                        ? new SessionMessage.StoredView(payload)
                        : new SessionMessage.Refused(SessionProblems.UNAVAILABLE)));
  }
}
