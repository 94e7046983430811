package clawster.faults;

import clawster.faults.Op.Result;
import clawster.runtime.sessions.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F49: a backup under load, restored into a new database, on which a new cluster starts. */
@Tag("faults")
@Timeout(300)
final class BackupTest {

  @Test
  void f49WhatWasAcknowledgedBeforeTheBackupIsInIt() throws Exception {
    List<Op> ops;
    List<Effect> before;
    Backup backup;
    long began;
    try (var cluster = Cluster.of(1).start()) {
      var load =
          new Load(cluster::edges, Given.seed(), Duration.ofSeconds(1)).start(Given.sessions());
      Load.park(Given.length().dividedBy(2));
      began = System.nanoTime();
      backup = Backup.of(cluster.database());
      Load.park(Given.length().dividedBy(4));
      ops = load.stop();
      before = Effect.readAll(cluster.ledger());
    }
    var restored = new Server().empty("faults_restored");
    backup.restore(restored);
    try (var cluster = Cluster.of(1).database(restored).start()) {
      var known = ops.stream().map(op -> op.ended() < began ? op : unknown(op)).toList();
      var stored = Trial.settled(cluster);
      var trial =
          new Trial(
              FaultPlan.of("F49"),
              Course.of(known),
              known,
              withEffects(stored, before),
              List.of(),
              0);
      System.out.println(trial);
      trial.mustBeClean().mustAcknowledge(20);
    }
    Server.execute(new Server().address(), "drop database faults_restored with (force)");
  }

  /** Nobody was promised that it is in the backup. */
  private static Op unknown(Op op) {
    return new Op(
        op.session(),
        op.number(),
        op.marker(),
        op.began(),
        op.ended(),
        op.result() == Result.REFUSED ? Result.REFUSED : Result.UNKNOWN,
        op.reply(),
        op.run(),
        op.telling(),
        op.told());
  }

  /** Tools took effect in the old cluster too; what the backup does not know is not its fault. */
  private static Stored withEffects(Stored stored, List<Effect> before) {
    var intended =
        stored.journals().values().stream()
            .flatMap(List::stream)
            .filter(row -> row.event() instanceof SessionEvent.ToolsIntended)
            .flatMap(row -> ((SessionEvent.ToolsIntended) row.event()).calls().stream())
            .map(call -> call.id())
            .collect(Collectors.toSet());
    var all = new ArrayList<>(stored.effects());
    before.stream().filter(effect -> intended.contains(effect.callId())).forEach(all::add);
    return new Stored(stored.journals(), stored.histories(), stored.logs(), all);
  }
}
