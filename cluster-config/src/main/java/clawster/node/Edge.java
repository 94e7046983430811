package clawster.node;

import clawster.cluster.Standing;
import clawster.http.kernel.Admission;
import clawster.http.kernel.Departure;
import clawster.http.limits.AnswerLimits;
import clawster.runtime.agents.Agents;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.RefusedAttempts;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.identity.ApiKeys;
import clawster.runtime.limits.Quotas;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.packages.Packages;
import clawster.runtime.pairing.Pairings;
import clawster.runtime.sessions.Sessions;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What endpoints serve from.
 *
 * @param workspaces fails while the directory that all nodes see cannot be seen
 */
record Edge(
    ActorSystem<?> system,
    Sessions sessions,
    Agents agents,
    Nodes nodes,
    ApiKeys keys,
    LiveConfig config,
    AuditLog audit,
    Pairings pairings,
    Admission admission,
    AnswerLimits limits,
    Quotas quotas,
    Packages packages,
    RefusedAttempts refused,
    Standing standing,
    Departure departure,
    Supplier<CompletionStage<Void>> workspaces,
    Clock clock) {}
