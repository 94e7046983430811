package clawster.persistence.pairing;

import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.PairedDevice;
import clawster.runtime.pairing.PairingCode;
import clawster.runtime.pairing.PairingEvent;
import clawster.runtime.pairing.PairingState;
import clawster.runtime.pairing.PendingDevice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is known of devices as rows, and what happens to them. */
final class DeviceRows {

  private static final String COLUMNS =
      "id, hash, channel, sender, chat, account, code, asked, expires, paired, paired_by,"
          + " last_used";

  private DeviceRows() {}

  static PairingState all(Connection connection) throws SQLException {
    var pending = new ArrayList<PendingDevice>();
    var paired = new ArrayList<PairedDevice>();
    try (var statement =
            connection.prepareStatement("select " + COLUMNS + " from device order by asked, id");
        var row = statement.executeQuery()) {
      while (row.next()) {
        if (row.getString("code") == null) {
          paired.add(paired(row));
        } else {
          pending.add(pending(row));
        }
      }
    }
    return new PairingState(pending, paired, misses(connection));
  }

  private static List<PairingEvent.Missed> misses(Connection connection) throws SQLException {
    try (var statement =
            connection.prepareStatement("select actor, at from pairing_miss order by at");
        var row = statement.executeQuery()) {
      var misses = new ArrayList<PairingEvent.Missed>();
      while (row.next()) {
        misses.add(new PairingEvent.Missed(row.getString("actor"), time(row, "at")));
      }
      return misses;
    }
  }

  static Optional<PairedDevice> paired(Connection connection, String condition, Object value)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select " + COLUMNS + " from device where paired is not null and " + condition)) {
      statement.setObject(1, value);
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(paired(row)) : Optional.empty();
      }
    }
  }

  private static PendingDevice pending(ResultSet row) throws SQLException {
    return new PendingDevice(
        device(row),
        new PairingCode(row.getString("code")),
        time(row, "asked"),
        time(row, "expires"));
  }

  private static PairedDevice paired(ResultSet row) throws SQLException {
    return new PairedDevice(
        device(row),
        time(row, "paired"),
        row.getString("paired_by"),
        time(row, "expires"),
        Optional.ofNullable(row.getObject("last_used", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }

  private static Device device(ResultSet row) throws SQLException {
    return new Device(
        row.getObject("id", UUID.class),
        row.getString("hash"),
        row.getString("channel"),
        row.getString("sender"),
        row.getString("chat"),
        row.getString("account"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static void apply(Connection connection, List<PairingEvent> events) throws SQLException {
    for (var event : events) {
      switch (event) {
        case PairingEvent.Requested(var device) -> insert(connection, device);
        case PairingEvent.Approved(var device) ->
            execute(
                connection,
                """
                update device set code = null, paired = ?, paired_by = ?, expires = ? where id = ?
                """,
                device.paired(),
                device.by(),
                device.expires(),
                device.id());
        case PairingEvent.Denied(var device) -> delete(connection, device.device().id());
        case PairingEvent.Revoked(var device) -> delete(connection, device.id());
        case PairingEvent.Expired(var id) -> delete(connection, id);
        case PairingEvent.Missed(var by, var at) -> miss(connection, by, at);
      }
    }
  }

  private static void insert(Connection connection, PendingDevice pending) throws SQLException {
    var device = pending.device();
    execute(
        connection,
        """
        insert into device (id, hash, channel, sender, chat, account, code, asked, expires)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        device.id(),
        device.hash(),
        device.channel(),
        device.sender(),
        device.chat(),
        device.account(),
        pending.code().text(),
        pending.asked(),
        pending.expires());
  }

  private static void miss(Connection connection, String by, Instant at) throws SQLException {
    var forgotten = at.minus(PairingEvent.Missed.COUNTS_FOR);
    execute(connection, "delete from pairing_miss where at <= ?", forgotten);
    execute(connection, "insert into pairing_miss (actor, at) values (?, ?)", by, at);
  }

  private static void delete(Connection connection, UUID id) throws SQLException {
    execute(connection, "delete from device where id = ?", id);
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(
            i + 1, values[i] instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : values[i]);
      }
      statement.executeUpdate();
    }
  }
}
