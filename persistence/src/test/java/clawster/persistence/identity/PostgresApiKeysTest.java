package clawster.persistence.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.identity.ApiKeys;
import clawster.runtime.identity.ApiKeysContract;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
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

  @Test
  void theSecretIsNotStored() {
    var secret = KeySecret.next();
    ApiKeysContract.done(keys().add(ApiKeysContract.key(secret, NOON, Scope.READ), secret));
    var row = TestDatabase.query(address, "select api_key::text from api_key");
    assertFalse(row.contains(secret.reveal().substring(secret.prefix().length())), row);
  }
}
