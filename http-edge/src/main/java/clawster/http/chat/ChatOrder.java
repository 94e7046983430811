package clawster.http.chat;

import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.RequestProblems;
import clawster.http.requests.RequestedMode;
import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.kernel.Flaw;
import clawster.runtime.kernel.Ids;
import clawster.runtime.models.ModelMessage;
import clawster.runtime.models.ModelMessage.Role;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.Message;
import clawster.runtime.sessions.RunSpec;
import clawster.runtime.sessions.SessionCommand;
import clawster.runtime.sessions.SessionKey;
import clawster.runtime.sessions.SessionProfile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which agent and session a chat completion is for, and what of it is new.
 *
 * <p>A model of the {@code openclaw} kind with {@code x-openclaw-session-key} or {@code user} names
 * a kept session, of which only the messages after the last assistant one are new. Everything else
 * is a fresh session with the given messages as history.
 */
final class ChatOrder {

  private ChatOrder() {}

  /**
   * @param run the order's; a stateless session is named after it
   */
  static SessionCommand.Submit of(
      Call call, ChatQuestion question, Agents agents, Instant now, RunId run) {
    var name = ModelName.parse(question.model());
    var keyGiven =
        name.openclaw() ? call.header("x-openclaw-session-key") : Optional.<String>empty();
    var agent = agent(call, name, keyGiven, agents, question.model());
    var userOfBody = question.user().filter(ChatOrder::isUser);
    var user = call.user().or(() -> userOfBody);
    var kept = keyGiven.or(() -> userKey(name, agent, userOfBody));
    var key = kept.orElseGet(() -> "agent:%s:http-%s".formatted(agent.key(), run.toString()));
    var session =
        SessionKey.parse(key)
            .orElseThrow(
                () ->
                    new BadRequest(
                        RequestProblems.field(
                            "x-openclaw-session-key", Flaw.longer(SessionKey.MAX_LENGTH))));
    var messages = kept.isPresent() ? news(question.messages()) : question.messages();
    return new SessionCommand.Submit(
        SessionProfile.opened(
            session, agent.key(), kept.isPresent(), "http", user.orElse("system")),
        run,
        messages.stream().map(m -> Message.of(Ids.next().toString(), now, m)).toList(),
        new RunSpec("", question.tools(), question.options()),
        RequestedMode.of(call),
        Optional.empty(),
        now);
  }

  /** Longer ones are as if absent. */
  private static boolean isUser(String user) {
    return user.length() <= Call.MAX_USER;
  }

  private static Optional<String> userKey(ModelName name, Agent agent, Optional<String> given) {
    return name.openclaw()
        ? given.map(user -> "agent:%s:openai-user:%s".formatted(agent.key(), user))
        : Optional.empty();
  }

  private static Agent agent(
      Call call, ModelName name, Optional<String> sessionKey, Agents agents, String model) {
    var fromKey = sessionKey.flatMap(SessionKey::parse).flatMap(SessionKey::agent);
    if (name.openclaw() && name.agent().isEmpty() && fromKey.isPresent()) {
      return agents.find(fromKey.get()).orElseThrow(() -> unknown(fromKey.get()));
    }
    var header = call.header("X-GoClaw-Agent-Id").or(() -> call.header("X-GoClaw-Agent"));
    var asked =
        name.prefixed()
            ? name.agent().or(() -> Optional.of(Agents.DEFAULT))
            : header.or(name::agent);
    return asked.flatMap(agents::find).orElseThrow(() -> unknown(model));
  }

  static BadRequest unknown(String model) {
    return new BadRequest(ChatProblems.NO_SUCH_MODEL.with("model", model).with("param", "model"));
  }

  /** What the session has not heard yet: everything after the last assistant message. */
  static List<ModelMessage> news(List<ModelMessage> messages) {
    int last = -1;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role() == Role.ASSISTANT) {
        last = i;
      }
    }
    var news = messages.subList(last + 1, messages.size());
    if (news.isEmpty()) {
      throw new BadRequest(RequestProblems.field("messages", Flaw.of("nothing_new")));
    }
    return news;
  }
}
