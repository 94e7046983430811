package clawster.http.cluster;

import clawster.runtime.nodes.Nodes;
import clawster.runtime.nodes.UnreadableSessions;
import clawster.runtime.nodes.UnreadableSessions.Unreadable;
import clawster.runtime.sessions.SessionDirectory;
import clawster.runtime.sessions.SessionId;
import clawster.runtime.sessions.SessionKey;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Sessions of all nodes that cannot be read; of many the oldest. */
record UnreadableList(int count, List<Unreadable> first, Map<SessionId, SessionKey> keys) {

  UnreadableList {
    first = List.copyOf(first);
    keys = Map.copyOf(keys);
  }

  /** Keys are left out where the directory does not know them, or cannot be asked. */
  static CompletionStage<UnreadableList> of(List<Nodes.Node> nodes, SessionDirectory directory) {
    var told =
        nodes.stream()
            .flatMap(node -> node.report().stream())
            .map(report -> report.unreadable())
            .toList();
    int count = told.stream().mapToInt(UnreadableSessions.Told::count).sum();
    var first =
        told.stream()
            .flatMap(of -> of.first().stream())
            .sorted(Comparator.comparing(Unreadable::since))
            .toList();
    return keys(first, directory).thenApply(keys -> new UnreadableList(count, first, keys));
  }

  private static CompletionStage<Map<SessionId, SessionKey>> keys(
      List<Unreadable> first, SessionDirectory directory) {
    return first.isEmpty()
        ? CompletableFuture.completedStage(Map.of())
        : directory
            .keys(first.stream().map(UnreadableList::id).collect(Collectors.toSet()))
            .exceptionally(_ -> Map.of());
  }

  private static SessionId id(Unreadable session) {
    return new SessionId(UUID.fromString(session.session()));
  }

  ObjectNode into(ObjectNode view) {
    view.put("unreadableCount", count);
    var list = view.putArray("unreadable");
    for (var session : first) {
      var node = list.addObject().put("id", session.session());
      if (keys.containsKey(id(session))) {
        node.put("key", keys.get(id(session)).value());
      }
      node.put("reason", session.reason()).put("since", session.since().toString());
    }
    return view;
  }
}
