package clawster.runtime.sessions;

import clawster.runtime.agents.Agents;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.nodes.Activity;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.runs.RunLog;
import clawster.runtime.tools.Toolbox;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What sessions of one node work with.
 *
 * @param bell told which runs begin
 * @param blocking runs tools, one virtual thread each
 * @param workspaces the directory with one directory per agent, and in it one workspace per session
 * @param activity told which sessions are here, and at work
 * @param idle how long a session with nothing to do stays in memory
 * @param results how long input waits for the results of the client's calls
 */
public record SessionParts(
    RunLog log,
    ActorRef<RunFeed.Command> feed,
    ActorRef<SessionBell.Command> bell,
    SessionDirectory directory,
    RequestClaims claims,
    Callers callers,
    Payloads payloads,
    Agents agents,
    ModelCatalogue models,
    Toolbox toolbox,
    Path workspaces,
    ExecutorService blocking,
    Activity activity,
    Clock clock,
    Supplier<Duration> idle,
    Duration results) {}
