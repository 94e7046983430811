package clawster.faults;

import java.time.Duration;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.DowningProvider;
import scala.Option;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A planted bug: whoever is not heard for a second counts as dead, on both sides of a partition.
 * The smaller side is the quicker one, or else the table of members would often put right what
 * comes of it. Pekko makes it by its class name.
 */
public final class AutoDown extends DowningProvider {

  public AutoDown(ActorSystem system) {}

  @Override
  public FiniteDuration downRemovalMargin() {
    return FiniteDuration.Zero();
  }

  @Override
  public Option<Props> downingActorProps() {
    return Option.apply(Props.create(Downing.class, Downing::new));
  }

  private static final class Downing extends AbstractActor {

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Scheduler scheduler = getContext().getSystem().scheduler();
    private final ExecutionContext dispatcher = getContext().dispatcher();

    @Override
    public void preStart() {
      cluster.subscribe(
          getSelf(), ClusterEvent.initialStateAsEvents(), ClusterEvent.UnreachableMember.class);
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(ClusterEvent.UnreachableMember.class, event -> doubt(event.member().address()))
          .build();
    }

    private void doubt(Address member) {
      after(
          Duration.ofSeconds(1),
          () -> {
            if (isMost()) {
              after(Duration.ofSeconds(2), () -> cluster.down(member));
            } else {
              cluster.down(member);
            }
          });
    }

    private void after(Duration pause, Runnable action) {
      scheduler.scheduleOnce(pause, action, dispatcher);
    }

    private boolean isMost() {
      var state = cluster.state();
      return 2 * state.getUnreachable().size()
          < StreamSupport.stream(state.getMembers().spliterator(), false).count();
    }
  }
}
