package clawster.persistence.pairing;

import clawster.persistence.audit.AuditRows;
import clawster.persistence.database.Database;
import clawster.persistence.database.RememberedRows;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.SenderId;
import clawster.runtime.kernel.Decision;
import clawster.runtime.pairing.PairedDevice;
import clawster.runtime.pairing.PairingCommand;
import clawster.runtime.pairing.PairingEntries;
import clawster.runtime.pairing.PairingEvent;
import clawster.runtime.pairing.PairingRules;
import clawster.runtime.pairing.PairingState;
import clawster.runtime.pairing.Pairings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Every command reads all devices, which are few, and decides under the lock of one row: so no two
 * nodes use one code, or one place, twice.
 */
public final class PostgresPairings implements Pairings {

  private static final String LOCK =
      "select value::bigint from cluster_fact where name = 'devices' for update";
  private static final String COUNT =
      "update cluster_fact set value = (value::bigint + 1)::text where name = 'devices'";

  private final Database database;
  private final RememberedRows rows;
  private final PairingRules rules = new PairingRules();

  public PostgresPairings(Database database) {
    this.database = database;
    this.rows = new RememberedRows(database, "device", "devices");
  }

  @Override
  public CompletionStage<Decision<PairingEvent>> tell(
      PairingCommand command, Function<Action, AuditEntry> entry) {
    return database.transact(
        connection -> {
          execute(connection, LOCK);
          var decision = rules.decide(DeviceRows.all(connection), command);
          if (decision instanceof Decision.Happens<PairingEvent>(var events)) {
            DeviceRows.apply(connection, events);
            for (var told : PairingEntries.of(events, entry)) {
              AuditRows.insert(connection, told);
            }
            if (events.stream().anyMatch(PostgresPairings::changesWhoIsLetIn)) {
              execute(connection, COUNT);
            }
          }
          return decision;
        });
  }

  /** Nobody has to be told of what ends by its time. */
  private static boolean changesWhoIsLetIn(PairingEvent event) {
    return switch (event) {
      case PairingEvent.Approved _, PairingEvent.Revoked _ -> true;
      case PairingEvent.Requested _,
          PairingEvent.Denied _,
          PairingEvent.Expired _,
          PairingEvent.Missed _ ->
          false;
    };
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public CompletionStage<PairingState> state() {
    return database.ask(DeviceRows::all);
  }

  @Override
  public CompletionStage<Optional<PairedDevice>> find(SenderId secret) {
    return database.ask(connection -> DeviceRows.paired(connection, "hash = ?", secret.hash()));
  }

  @Override
  public CompletionStage<Optional<PairedDevice>> find(UUID id) {
    return database.ask(connection -> DeviceRows.paired(connection, "id = ?", id));
  }

  @Override
  public CompletionStage<Long> revision() {
    return rows.revision();
  }

  @Override
  public CompletionStage<Void> used(Map<UUID, Instant> times) {
    return rows.used(times);
  }
}
