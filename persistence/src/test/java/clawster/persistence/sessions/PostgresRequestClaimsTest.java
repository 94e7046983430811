package clawster.persistence.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.runs.RunId;
import clawster.runtime.sessions.RequestClaims;
import clawster.runtime.sessions.RequestClaimsContract;
import clawster.runtime.sessions.RequestHash;
import clawster.runtime.sessions.SessionKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresRequestClaimsTest implements RequestClaimsContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("request_claims");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public RequestClaims claims() {
    return new PostgresRequestClaims(database);
  }

  private static RequestClaims.Claim claim() {
    return new RequestClaims.Claim(
        new RequestHash("hash"), RunId.next(), new SessionKey("agent:default:a"));
  }

  private RequestClaims.Held claimed(RequestClaims.Claim claim) {
    return claims().claim("me", "key", claim).toCompletableFuture().join();
  }

  private void age(String age) {
    TestDatabase.execute(
        address, "update request_claim set since = now() - interval '%s'".formatted(age));
  }

  @Test
  void aKeyIsFreeAgainAfterADay() {
    var first = claim();
    claimed(first);
    claims().forget(first.session()).toCompletableFuture().join();
    age("23 hours");
    assertEquals(new RequestClaims.Held(first, true), claimed(claim()));
    age("25 hours");
    var next = claim();
    assertEquals(new RequestClaims.Held(next, false), claimed(next));
    assertEquals(new RequestClaims.Held(next, false), claimed(claim()));
  }

  @Test
  void claimsAreSweptAwayAfterADay() {
    claimed(claim());
    age("23 hours");
    new Sweep(database).round();
    assertEquals("1", TestDatabase.query(address, "select count(*) from request_claim"));
    age("25 hours");
    new Sweep(database).round();
    assertEquals("0", TestDatabase.query(address, "select count(*) from request_claim"));
  }
}
