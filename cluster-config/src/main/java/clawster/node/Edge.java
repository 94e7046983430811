package clawster.node;

import clawster.cluster.Standing;
import clawster.http.kernel.Departure;
import clawster.runtime.agents.Agents;
import clawster.runtime.nodes.Nodes;
import clawster.runtime.sessions.Sessions;
import java.time.Clock;
import org.apache.pekko.actor.typed.ActorSystem;

/** What endpoints serve from. */
record Edge(
    ActorSystem<?> system,
    Sessions sessions,
    Agents agents,
    Nodes nodes,
    Standing standing,
    Departure departure,
    Clock clock) {}
