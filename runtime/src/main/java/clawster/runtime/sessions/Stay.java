package clawster.runtime.sessions;

import clawster.runtime.nodes.Activity;
import clawster.runtime.sessions.SessionState.Open;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * A session's stay in a node's memory: the node sees it and how much it has to do, and once it has
 * had nothing to do for a while, or is for one call, it leaves.
 */
final class Stay {

  private final ActorContext<SessionMessage> context;
  private final ActorRef<SessionMessage> door;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Activity activity;
  private Activity.Presence presence;

  Stay(
      ActorContext<SessionMessage> context,
      ActorRef<SessionMessage> door,
      ActorRef<ClusterSharding.ShardCommand> shard,
      SessionParts parts) {
    this.context = context;
    this.door = door;
    this.shard = shard;
    this.activity = parts.activity();
    this.presence = enter();
    context.setReceiveTimeout(parts.idle().get(), new Inside.Idle());
  }

  private Activity.Presence enter() {
    return activity.enter(shard.path().name());
  }

  /** The journal has been read, for the first time or again. */
  void begin(SessionState state) {
    presence.leave();
    presence = enter();
    presence.open(state.openRuns());
  }

  void goOn(SessionState state) {
    presence.open(state.openRuns());
    if (state instanceof Open open && !open.profile().kept()) {
      offerToLeave(state);
    }
  }

  void end() {
    presence.leave();
  }

  /** Has the shard say when to stop, unless there is something to do. */
  void offerToLeave(SessionState state) {
    if (state.idle()) {
      shard.tell(new ClusterSharding.Passivate<>(door));
    }
  }

  /** It stops. A run that came in while the shard was told wakes it again. */
  void leave(SessionId id, SessionState state) {
    if (state instanceof Open open && !open.idle()) {
      ClusterSharding.get(context.getSystem())
          .entityRefFor(SessionEntity.TYPE, id.toString())
          .tell(new SessionMessage.Wake(open.runs().getFirst(), false));
    }
  }
}
