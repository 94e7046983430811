package clawster.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clawster.persistence.database.Database;
import clawster.persistence.packages.PostgresDesiredPackages;
import clawster.persistence.postgres.DataDirectory;
import clawster.persistence.postgres.EmbeddedPostgres;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.Actor;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.packages.DesiredPackages;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.PackageStatus;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is declared of packages comes about wherever there is a helper, now and later. */
@Timeout(180)
final class PackageStoryTest {

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Map<String, String> helpedBy(ScriptedHelper helper) {
    return Map.of("CLAWSTER_PACKAGE_SOCKET", helper.socket().toString());
  }

  private static long declare(DesiredPackages store, String name, Presence presence) {
    var entry =
        AuditEntry.of(
            Action.PACKAGE_INSTALLED,
            new Actor("gateway", "gateway"),
            Optional.empty(),
            Instant.now());
    return done(store.declare(PackageSpec.parse(name).orElseThrow(), presence, entry.about(name)))
        .orElseThrow();
  }

  private static void until(DesiredPackages store, long change, State... states) {
    Await.until(
        List.of(states) + " at nodes",
        () ->
            done(store.standing(change)).statuses().values().stream()
                .map(PackageStatus::state)
                .sorted()
                .toList()
                .equals(List.of(states)));
  }

  @Test
  void whatIsDeclaredComesAboutOnNodesThatAreThereAndOnThoseThatComeLater() throws Exception {
    try (var helper = new ScriptedHelper();
        var late = new ScriptedHelper()) {
      var first = new RealNode(helpedBy(helper));
      try (var second =
          first.beside(2, Map.of("CLAWSTER_PACKAGE_SOCKET", "/nowhere/packages.sock"))) {
        story(first, helper, late);
        assertEquals(200, second.caller().get("/health").status());
      } finally {
        first.close();
      }
    }
  }

  private static void story(RealNode first, ScriptedHelper helper, ScriptedHelper late)
      throws IOException {
    // A node of this directory for as long as it looks.
    try (var _ = DataDirectory.claim(first.data(), 9);
        var database = new Database(EmbeddedPostgres.ensure(first.data(), _ -> {}))) {
      var store = new PostgresDesiredPackages(database);
      helper.dieAfterIt();
      long hello = declare(store, "hello", Presence.INSTALLED);
      until(store, hello, State.DONE, State.NOBODY);
      assertEquals(List.of("hello"), helper.there());
      assertEquals(1, helper.installations(), "who was not heard is not asked again");
      try (var third = first.beside(3, helpedBy(late))) {
        until(store, hello, State.DONE, State.DONE, State.NOBODY);
        assertEquals(List.of("hello"), late.there());
        assertTrue(
            done(store.reports()).stream().anyMatch(report -> report.name().equals("node-3")));
        first.kill();
        long gone = declare(store, "hello", Presence.ABSENT);
        Await.until("it is gone there", () -> late.there().isEmpty());
        assertEquals(List.of("hello"), helper.there());
        first.start();
        Await.until("it is gone at who was away", () -> helper.there().isEmpty());
        assertTrue(done(store.standing(gone)).statuses().size() >= 2);
        assertEquals(200, third.caller().get("/health").status());
      }
    }
  }
}
