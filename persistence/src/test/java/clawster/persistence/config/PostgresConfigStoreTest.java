package clawster.persistence.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.config.ConfigDocument;
import clawster.runtime.config.ConfigStore;
import clawster.runtime.config.ConfigStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresConfigStoreTest implements ConfigStoreContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("gateway_config");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public ConfigStore store() {
    return new PostgresConfigStore(database);
  }

  @Override
  public AuditLog audit() {
    return new PostgresAuditLog(database);
  }

  @Test
  void aRowThatIsNoJsonIsAVersionThatCannotBeRead() {
    var store = store();
    ConfigStoreContract.add(store, 1);
    TestDatabase.execute(address, "update gateway_config set document = '{'");
    var stored = ConfigStoreContract.done(store.newest(1)).getFirst();
    assertEquals(1, stored.number());
    assertInstanceOf(ConfigDocument.Reading.Refused.class, ConfigDocument.read(stored.plain()));
  }
}
