package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of members says what this version of a node has never heard of. */
@Timeout(60)
final class StrangeMemberTest {

  private final Place place = Place.open();

  @AfterEach
  void end() throws IOException {
    place.close();
  }

  @Test
  void aNodeThatCannotTellWhoIsAMemberEnds() throws Exception {
    assertEquals(200, place.caller().get("/v1/sessions").status());
    var address = EmbeddedPostgres.ensure(place.data(), _ -> {});
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into member (name, address, uid, url, state) values ('n', 'h:1', 1, '', 'odd')");
    }
    var why = place.node().lost().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertTrue(why.startsWith("it cannot tell who is a member"), why);
    assertEquals(503, place.caller().get("/v1/sessions").status());
  }
}
