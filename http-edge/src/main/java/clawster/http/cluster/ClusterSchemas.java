package clawster.http.cluster;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.number;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;

/** What the cluster's answers look like. */
final class ClusterSchemas {

  private static final Schema MEMBER =
      named(
          "ClusterMember",
          object(
              field("id", text()),
              field("address", text()),
              field("status", text()),
              field("reachable", flag()),
              field("leader", flag()),
              field("roles", listOf(text())),
              field("shards", count(), "Of sessions, that it has"),
              optional("name", text(), "This and what follows as it has reported itself"),
              optional("url", text()),
              optional("version", text()),
              optional("draining", flag()),
              optional("sessions", count(), "In its memory"),
              optional("runs", count(), "That are going on"),
              optional("heapBytes", count()),
              optional("maxHeapBytes", count()),
              optional("startedAt", time()),
              optional("reportedAt", time())));

  private static final Schema UNREADABLE =
      named(
          "UnreadableSession",
          object(
              field("id", uuid()),
              optional("key", text(), "Where it is known"),
              field("reason", text()),
              field("since", time())));

  static final Schema VIEW =
      named(
          "Cluster",
          object(
              field("members", listOf(MEMBER)),
              field("unreachable", listOf(text()), "Ids of members"),
              field("shards", count()),
              field(
                  "database",
                  object(
                      field("status", words("ok", "unreachable")),
                      optional("latencyMs", number()))),
              field("unreadableCount", count()),
              field("unreadable", listOf(UNREADABLE), "The oldest of them")));

  static final Schema DRAINING = object(field("ok", flag()), field("id", text()));

  private ClusterSchemas() {}
}
