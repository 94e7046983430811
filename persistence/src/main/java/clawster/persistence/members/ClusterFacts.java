package clawster.persistence.members;

import clawster.persistence.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What anybody may ask about the cluster, member or not; from any thread. */
public final class ClusterFacts {

  private final Database database;

  public ClusterFacts(Database database) {
    this.database = database;
  }

  /** The database's own name for whatever cluster runs on it: the same for ever. */
  public CompletionStage<UUID> id() {
    return database.ask(
        connection -> {
          try (var statement =
                  connection.prepareStatement(
                      "select value from cluster_fact where name = 'cluster_id'");
              var rows = statement.executeQuery()) {
            rows.next();
            return UUID.fromString(rows.getString("value"));
          }
        });
  }

  /** Where nodes are that have not been removed, {@code host:port}. */
  public CompletionStage<List<String>> addresses() {
    return database.ask(
        connection -> {
          try (var statement =
                  connection.prepareStatement(
                      "select distinct address from member where state <> 'removed'");
              var rows = statement.executeQuery()) {
            var addresses = new ArrayList<String>();
            while (rows.next()) {
              addresses.add(rows.getString("address"));
            }
            return List.copyOf(addresses);
          }
        });
  }
}
