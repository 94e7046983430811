package clawster.persistence.pairing;

import static clawster.runtime.pairing.PairingsContract.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.identity.SenderId;
import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.PairingCode;
import clawster.runtime.pairing.PairingCommand;
import clawster.runtime.pairing.Pairings;
import clawster.runtime.pairing.PairingsContract;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresPairingsTest implements PairingsContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("devices");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public Pairings pairings() {
    return new PostgresPairings(database);
  }

  @Override
  public AuditLog audit() {
    return new PostgresAuditLog(database);
  }

  private void request(SenderId sender) {
    var device = Device.browser(sender, "192.0.2.1");
    var command = new PairingCommand.Request(device, PairingCode.next(), NOON);
    done(PairingsContract.tell(pairings(), command));
  }

  @Test
  void theSecretIsNotStored() {
    var sender = SenderId.next();
    request(sender);
    var row = TestDatabase.query(address, "select device::text from device");
    assertFalse(row.contains(sender.reveal().substring(sender.shown().length() + 1)), row);
  }

  @Test
  void withoutItsEntryNothingHappens() {
    TestDatabase.execute(address, "drop table activity");
    assertThrows(CompletionException.class, () -> request(SenderId.next()));
    assertEquals("0", TestDatabase.query(address, "select count(*) from device"));
  }
}
