package clawster.runtime.sessions;

import clawster.runtime.kernel.WireSerializer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;

/** The names under which sessions are written, for ever. A changed shape gets a new name, v2. */
public final class SessionSerializer extends WireSerializer {

  /** By wire name. Each has a sample among the test resources that must stay readable. */
  static final Map<String, Class<?>> TYPES = types();

  public SessionSerializer(ExtendedActorSystem system) {
    super(system, 1_879_001, TYPES);
  }

  private static Map<String, Class<?>> types() {
    var types = new LinkedHashMap<String, Class<?>>();
    types.put("session.opened.v1", SessionEvent.Opened.class);
    types.put("session.accepted.v1", SessionEvent.Accepted.class);
    types.put("session.claimed.v1", SessionEvent.Claimed.class);
    types.put("session.tools_intended.v1", SessionEvent.ToolsIntended.class);
    types.put("session.tool_settled.v1", SessionEvent.ToolSettled.class);
    types.put("session.completed.v1", SessionEvent.Completed.class);
    types.put("session.failed.v1", SessionEvent.Failed.class);
    types.put("session.aborted.v1", SessionEvent.Aborted.class);
    types.put("session.absorbed.v1", SessionEvent.Absorbed.class);
    types.put("session.awaited_dropped.v1", SessionEvent.AwaitedDropped.class);
    types.put("session.patched.v1", SessionEvent.Patched.class);
    types.put("session.reset.v1", SessionEvent.Reset.class);
    types.put("session.deleted.v1", SessionEvent.Deleted.class);
    types.put("session.state.absent.v1", SessionState.Absent.class);
    types.put("session.state.open.v1", SessionState.Open.class);
    return types;
  }
}
