package clawster.cluster;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Tells of nodes that the cluster has let go, this one perhaps among them. */
final class Removals {

  private Removals() {}

  /** A node that ends says so of everybody, whatever they are: to itself they are no more. */
  private static boolean isTrue(MemberRemoved event) {
    return event.previousStatus().equals(MemberStatus.down())
        || event.previousStatus().equals(MemberStatus.exiting());
  }

  static void watch(ActorSystem<?> system, Consumer<UniqueAddress> removed) {
    var listener =
        system.systemActorOf(
            Behaviors.receive(MemberRemoved.class)
                .onMessage(
                    MemberRemoved.class,
                    event -> {
                      if (isTrue(event)) {
                        removed.accept(event.member().uniqueAddress());
                      }
                      return Behaviors.same();
                    })
                .build(),
            "member-removals",
            Props.empty());
    Cluster.get(system).subscriptions().tell(new Subscribe<>(listener, MemberRemoved.class));
  }
}
