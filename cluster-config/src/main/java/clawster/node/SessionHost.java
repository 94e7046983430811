package clawster.node;

import clawster.persistence.runs.PostgresRunLog;
import clawster.persistence.sessions.PostgresCallers;
import clawster.persistence.sessions.PostgresPayloads;
import clawster.persistence.sessions.PostgresRequestClaims;
import clawster.persistence.sessions.PostgresSessionDirectory;
import clawster.persistence.writer.NodeWriter;
import clawster.runtime.agents.Agent;
import clawster.runtime.agents.Agents;
import clawster.runtime.config.GatewaySettings;
import clawster.runtime.config.LiveConfig;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.nodes.Activity;
import clawster.runtime.nodes.NodeReports;
import clawster.runtime.nodes.SessionPlaces;
import clawster.runtime.runs.RunFeed;
import clawster.runtime.sessions.OwedWork;
import clawster.runtime.sessions.SessionBell;
import clawster.runtime.sessions.SessionParts;
import clawster.runtime.sessions.Sessions;
import clawster.runtime.tools.Toolbox;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The sessions of a cluster as a node has its part in them.
 *
 * @param activity what goes on here
 * @param board what the other nodes say goes on there
 */
record SessionHost(
    Sessions sessions,
    Agents agents,
    Workspaces workspaces,
    Activity activity,
    NodeReports.Board board) {

  private static final String PROMPT =
      "You are a helpful assistant running inside Clawster. Answer briefly and in the user's"
          + " language.";

  /** How long input waits for the results of a client's own tools. */
  private static final Duration CLIENT_RESULTS = Duration.ofMinutes(2);

  /** From here on the node owns sessions. */
  static SessionHost start(Foundation base, ModelCatalogue models, LiveConfig config, Clock clock) {
    var workspaces = new Workspaces(base.settings().workspaces(), base.facts()::id);
    workspaces.claim(base.membership().began());
    var agents =
        Agents.of(List.of(new Agent(Agents.DEFAULT, "Default", models.defaultModel(), PROMPT)));
    ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    var activity = new Activity();
    var parts = parts(base, models, agents, config, activity, blocking, clock);
    base.held().add(blocking::shutdownNow);
    var board = new NodeReports.Board();
    var self = Cluster.get(base.system()).selfMember().address();
    var sessions = new Sessions(base.system(), parts, new SessionPlaces(self, board::reports));
    OwedWork.start(base.system(), sessions);
    base.storage()
        .sweepNowAndThen(base.system(), blocking, () -> config.get(GatewaySettings.ACTIVITY));
    return new SessionHost(sessions, agents, workspaces, activity, board);
  }

  private static SessionParts parts(
      Foundation base,
      ModelCatalogue models,
      Agents agents,
      LiveConfig config,
      Activity activity,
      ExecutorService blocking,
      Clock clock) {
    var database = base.database();
    var feed = base.system().systemActorOf(RunFeed.create(), "run-feed", Props.empty());
    var writer =
        base.held()
            .add(
                new NodeWriter(
                    database,
                    entries -> feed.tell(new RunFeed.Committed(entries)),
                    base.storage()::revive));
    base.holdActors();
    return new SessionParts(
        new PostgresRunLog(database, writer, feed::tell),
        feed,
        base.system().systemActorOf(SessionBell.create(), "session-bell", Props.empty()),
        new PostgresSessionDirectory(database, writer),
        new PostgresRequestClaims(database),
        new PostgresCallers(database, writer, new MembersAlive(base.membership()::census)),
        new PostgresPayloads(database),
        agents,
        models,
        Toolbox.standard(clock),
        base.settings().workspaces(),
        blocking,
        activity,
        clock,
        () -> config.get(GatewaySettings.SESSION_IDLE),
        CLIENT_RESULTS);
  }
}
