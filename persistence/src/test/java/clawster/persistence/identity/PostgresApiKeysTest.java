package clawster.persistence.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.identity.ApiKeys;
import clawster.runtime.identity.ApiKeysContract;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import clawster.runtime.kernel.Ids;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresApiKeysTest implements ApiKeysContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("api_keys");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public ApiKeys keys() {
    return new PostgresApiKeys(database);
  }

  @Override
  public AuditLog audit() {
    return new PostgresAuditLog(database);
  }

  private void add(KeySecret secret, AuditEntry entry) {
    ApiKeysContract.done(keys().add(ApiKeysContract.key(secret, NOON, Scope.READ), secret, entry));
  }

  @Test
  void theSecretIsNotStored() {
    var secret = KeySecret.next();
    add(secret, ApiKeysContract.entry(Action.API_KEY_CREATED, Ids.next()));
    var row = TestDatabase.query(address, "select api_key::text from api_key");
    assertFalse(row.contains(secret.reveal().substring(secret.prefix().length())), row);
  }

  /** And the count of changes, which the entry's failure takes back too. */
  @Test
  void withoutItsEntryThereIsNoKey() {
    TestDatabase.execute(address, "drop table activity");
    long before = ApiKeysContract.done(keys().revision());
    var entry = ApiKeysContract.entry(Action.API_KEY_CREATED, Ids.next());
    assertThrows(CompletionException.class, () -> add(KeySecret.next(), entry));
    assertEquals("0", TestDatabase.query(address, "select count(*) from api_key"));
    assertEquals(before, ApiKeysContract.done(keys().revision()));
  }
}
