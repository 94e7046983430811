package clawster.cluster;

import clawster.persistence.members.Census;
import clawster.persistence.members.Member;
import clawster.persistence.members.MemberTable;
import clawster.persistence.members.MembersAway;
import clawster.persistence.postgres.StartRefused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's membership: found at start, confirmed several times a second, given back at the end.
 * Who is a member is agreed on by the nodes themselves; the {@link MemberTable} is where they find
 * each other, and what tells a node that has slept through its own removal.
 */
public final class Membership implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  /** After this long without a cluster something is wrong that waiting does not mend. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long members that were asked may take; then others are looked for. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** A member that goes down may look as if it let nobody in. */
  private static final Duration SURELY_REFUSED = Duration.ofSeconds(2);

  /** Most who have to wait need but one answer. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

  private static final String REMOVED_AT_START =
      "this node was removed from the cluster while it started";

  private static final Duration SHORTLY = Duration.ofMillis(100);

  /** How often the members are looked at: this bounds how long a death goes unnoticed. */
  private static final Duration LOOK = Duration.ofMillis(200);

  /** A node that is alone has nobody to take over from. */
  private static final Duration LOOK_ALONE = Duration.ofMillis(500);

  private final MemberTable table;
  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Optional<TlsEngines> tls;
  private final Standing standing;
  private final CompletableFuture<String> lost = new CompletableFuture<>();
  private final Queue<UniqueAddress> removed = new ConcurrentLinkedQueue<>();
  private final Thread watch =
      Thread.ofPlatform().name("clawster-membership").daemon().unstarted(this::watch);
  private final Silences silences = new Silences();
  private final Doorbells doorbells =
      Doorbells.create(Doorbell::ring, () -> LockSupport.unpark(watch));
  private volatile Census census;
  private volatile boolean leaving;
  private volatile boolean ending;
  private boolean toldLeaving;
  private UUID incarnation;
  private boolean began;

  private Membership(MemberTable table, ActorSystem<?> system, Optional<TlsEngines> tls) {
    this.table = table;
    this.system = system;
    this.cluster = Cluster.get(system);
    this.tls = tls;
    this.standing =
        new Standing(system.settings().config().getDuration("clawster.members.sure-for"));
  }

  /**
   * Blocks until this node is a member: of the cluster there is, or of one that begins with it. The
   * table is closed with the membership, or before this fails.
   *
   * @param tls how nodes know each other; empty if they speak in the clear
   * @throws StartRefused if that does not succeed
   */
  public static Membership join(
      MemberTable table,
      ActorSystem<?> system,
      Optional<TlsEngines> tls,
      String name,
      Consumer<String> progress) {
    var membership = new Membership(table, system, tls);
    try {
      table.enter(name, NodeAddress.id(membership.cluster.selfMember().uniqueAddress()));
      membership.join(progress);
      membership.census = table.look();
    } catch (MembersAway e) {
      table.close();
      throw new StartRefused("the database cannot say who is a member: " + e.getMessage());
    } catch (RuntimeException e) {
      giveBack(table);
      throw e;
    }
    Removals.watch(system, membership.removed::add);
    return membership;
  }

  private void join(Consumer<String> progress) throws MembersAway {
    long began = System.nanoTime();
    boolean told = false;
    while (incarnation == null) {
      var census = table.look();
      if (isRemoved(census)) {
        throw new StartRefused(REMOVED_AT_START);
      }
      var waited = Duration.ofNanos(System.nanoTime() - began);
      var step = next(census);
      switch (step) {
        case Formation.Begin _ -> begin();
        case Formation.Join(var members) -> join(members, census.incarnation(), waited);
        case Formation.Wait(var doubtful) -> {
          if (!told && waited.compareTo(WORTH_TELLING) > 0) {
            progress.accept("waiting for " + names(doubtful) + ", which may still be a member");
            told = true;
          }
          LockSupport.parkNanos(SHORTLY.toNanos());
        }
      }
      if (incarnation == null && waited.compareTo(PATIENCE) > 0) {
        throw new StartRefused(
            "no cluster could be joined within %d s; %s: do all nodes have certificates or none, and do they reach each other?"
                .formatted(PATIENCE.toSeconds(), step));
      }
    }
  }

  private static String names(List<Member> members) {
    return String.join(", ", members.stream().map(m -> m.name() + " at " + m.address()).toList());
  }

  private Formation next(Census census) {
    long at = System.nanoTime();
    silences.look(census, at);
    return Formation.next(census, member -> silences.of(member, at), doorbells::answer);
  }

  private void begin() throws MembersAway {
    var begun = table.form(census -> next(census) instanceof Formation.Begin);
    if (begun.isEmpty()) {
      LockSupport.parkNanos(SHORTLY.toNanos());
      return;
    }
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    if (!awaitUp()) {
      throw new StartRefused("this node could not begin a cluster");
    }
    incarnation = begun.get();
    began = true;
    LOG.info("Began cluster {}", incarnation);
  }

  /**
   * @param wanted the cluster that they are members of
   */
  private void join(List<Member> members, Optional<UUID> wanted, Duration waited) {
    if (isRefusedBy(members, waited)) {
      LockSupport.parkNanos(SHORTLY.toNanos());
      return;
    }
    cluster
        .manager()
        .tell(new JoinSeedNodes(members.stream().map(m -> address(m.address())).toList()));
    if (awaitUp()) {
      incarnation = wanted.orElseThrow();
      LOG.info("Joined cluster {} of {}", incarnation, names(members));
    }
  }

  /** Whether all of them say no, for the moment. */
  private boolean isRefusedBy(List<Member> members, Duration waited) {
    if (tls.isEmpty()) {
      return false;
    }
    var refusals =
        members.stream()
            .map(m -> tls.get().refusalOf(m).map(why -> names(List.of(m)) + ": " + why))
            .flatMap(Optional::stream)
            .toList();
    if (refusals.size() == members.size() && waited.compareTo(SURELY_REFUSED) > 0) {
      throw new StartRefused(
          "no member of the cluster can be joined with these certificates (%s, %s): %s"
              .formatted(TlsFiles.CERTIFICATE, TlsFiles.AUTHORITY, String.join("; ", refusals)));
    }
    return refusals.size() == members.size();
  }

  private boolean awaitUp() {
    long end = System.nanoTime() + ANSWER.toNanos();
    while (System.nanoTime() < end) {
      if (cluster.selfMember().status() == MemberStatus.up()) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return false;
  }

  private Address address(String text) {
    var address = NodeAddress.parse(text);
    var self = cluster.selfMember().address();
    return new Address(self.protocol(), self.system(), address.host(), address.port());
  }

  /**
   * From here on others may count on this node, and it looks after them.
   *
   * @param url where it serves callers
   */
  public void serve(String url) {
    try {
      if (!table.up(url)) {
        throw new StartRefused(REMOVED_AT_START);
      }
      standing.confirm(System.nanoTime());
      look();
    } catch (MembersAway e) {
      throw new StartRefused("the database cannot take this node: " + e.getMessage());
    }
    system.getWhenTerminated().thenRun(() -> lose("its cluster has put it out"));
    watch.start();
  }

  private void watch() {
    while (!ending && !lost.isDone()) {
      try {
        look();
      } catch (MembersAway e) {
        LOG.debug("Members cannot be looked at: {}", e.getMessage());
      } catch (Throwable e) {
        LOG.error("Members cannot be understood", e);
        lose("it cannot tell who is a member: " + e);
      }
      LockSupport.parkNanos((census.others().isEmpty() ? LOOK_ALONE : LOOK).toNanos());
    }
  }

  private void look() throws MembersAway {
    long at = System.nanoTime();
    for (var gone = removed.peek(); gone != null; gone = removed.peek()) {
      table.remove(NodeAddress.id(gone));
      Obituaries.forget(gone.address());
      removed.remove();
    }
    if (leaving && !toldLeaving) {
      toldLeaving = table.leaving();
    }
    census = table.look();
    if (isRemoved(census)) {
      lose("it has been removed");
    } else if (!census.incarnation().equals(Optional.of(incarnation))) {
      lose("another cluster has begun without this node");
    } else {
      standing.confirm(at);
      takeOver();
    }
  }

  private static boolean isRemoved(Census census) {
    return census.self().filter(self -> self.state() != Member.State.REMOVED).isEmpty();
  }

  private void takeOver() throws MembersAway {
    for (var suspect : EarlyTakeOver.suspects(census)) {
      if (doorbells.answer(suspect) == Doorbell.Answer.GONE && table.bury(suspect)) {
        LOG.warn(
            "{} at {} is dead, its sessions are taken over", suspect.name(), suspect.address());
        Obituaries.write(address(suspect.address()));
        cluster.manager().tell(new Down(address(suspect.address())));
      }
    }
  }

  /** It has nobody any more to hand anything over to, and ends at once. */
  private void lose(String why) {
    standing.deny();
    if (!ending && !leaving) {
      LOG.error("This node is no member any more: {}", why);
      lost.complete(why);
    }
    if (!ending) {
      cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
  }

  /** Tells the others that this node is about to go; may be called from any thread. */
  public void leaving() {
    leaving = true;
    LockSupport.unpark(watch);
  }

  /** Whether another member could take over what this node has. */
  public boolean othersServe() {
    return census.others().stream().anyMatch(Member::serves);
  }

  /** Whether the cluster began with this node; otherwise it joined others. */
  public boolean began() {
    return began;
  }

  /** What tells this node from all that ever were. */
  public int number() {
    return census.me();
  }

  /** Whether this node may speak for the cluster. */
  public Standing standing() {
    return standing;
  }

  /** Completes with the reason when this node is no member any more and must end. */
  public CompletionStage<String> lost() {
    return lost;
  }

  /** All members as last seen. */
  public Census census() {
    return census;
  }

  /** To be called when the cluster has let this node go. */
  @Override
  public void close() {
    ending = true;
    LockSupport.unpark(watch);
    try {
      watch.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    giveBack(table);
  }

  /** Takes this node's place back. */
  private static void giveBack(MemberTable table) {
    try (table) {
      table.leave();
    } catch (MembersAway e) {
      LOG.info("The database still lists this node: {}", e.getMessage());
    }
  }
}
