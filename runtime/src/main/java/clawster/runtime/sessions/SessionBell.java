package clawster.runtime.sessions;

import clawster.runtime.kernel.ClusterMessage;
import clawster.runtime.runs.RunId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * Rings on every node when a session begins a run, so that whoever follows a session hears of later
 * runs without keeping it awake. A ring may be lost; followers also look at the directory now and
 * then.
 */
public final class SessionBell extends AbstractBehavior<SessionBell.Command> {

  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "session-bell");

  public sealed interface Command {}

  /** Said on the node where the run begins. */
  public record Ring(SessionId session, RunId run) implements Command {}

  record Rang(String session, RunId run) implements Command, ClusterMessage {}

  /** {@code watcher} hears of every run of the session, until it stops. */
  public record Watch(SessionId session, ActorRef<RunId> watcher) implements Command {}

  private record Left(SessionId session, ActorRef<RunId> watcher) implements Command {}

  private record Peers(Set<ActorRef<Command>> bells) implements Command {}

  /** This one too, though the receptionist may not have listed it yet. */
  private Set<ActorRef<Command>> peers;

  private final Map<String, Set<ActorRef<RunId>>> watchers = new HashMap<>();

  public static Behavior<Command> create() {
    return Behaviors.setup(SessionBell::new);
  }

  private SessionBell(ActorContext<Command> context) {
    super(context);
    this.peers = Set.of(context.getSelf());
    var receptionist = context.getSystem().receptionist();
    receptionist.tell(Receptionist.register(KEY, context.getSelf()));
    receptionist.tell(
        Receptionist.subscribe(
            KEY,
            context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new Peers(listing.getServiceInstances(KEY)))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Command.class,
            command -> {
              switch (command) {
                case Ring ring -> {
                  var rang = new Rang(ring.session().toString(), ring.run());
                  peers.forEach(peer -> peer.tell(rang));
                }
                case Rang rang ->
                    watchers
                        .getOrDefault(rang.session(), Set.of())
                        .forEach(watcher -> watcher.tell(rang.run()));
                case Watch watch -> watch(watch);
                case Left left -> leave(left);
                case Peers listed -> {
                  peers = new HashSet<>(listed.bells());
                  peers.add(getContext().getSelf());
                }
              }
              return this;
            })
        .build();
  }

  private void watch(Watch watch) {
    var here = watchers.computeIfAbsent(watch.session().toString(), _ -> new HashSet<>());
    if (here.add(watch.watcher())) {
      getContext().watchWith(watch.watcher(), new Left(watch.session(), watch.watcher()));
    }
  }

  private void leave(Left left) {
    var key = left.session().toString();
    var here = watchers.getOrDefault(key, new HashSet<>());
    here.remove(left.watcher());
    if (here.isEmpty()) {
      watchers.remove(key);
    }
  }
}
