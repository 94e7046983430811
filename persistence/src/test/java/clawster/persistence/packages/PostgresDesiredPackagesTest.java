package clawster.persistence.packages;

import static clawster.runtime.packages.DesiredPackagesContract.done;
import static clawster.runtime.packages.DesiredPackagesContract.entry;
import static clawster.runtime.packages.DesiredPackagesContract.install;
import static clawster.runtime.packages.DesiredPackagesContract.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clawster.persistence.audit.PostgresAuditLog;
import clawster.persistence.database.Database;
import clawster.persistence.database.TestDatabase;
import clawster.persistence.postgres.DatabaseAddress;
import clawster.runtime.audit.AuditLog;
import clawster.runtime.packages.Declaration;
import clawster.runtime.packages.DesiredPackages;
import clawster.runtime.packages.DesiredPackagesContract;
import clawster.runtime.packages.PackageStatus.State;
import clawster.runtime.packages.Packages.Presence;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresDesiredPackagesTest implements DesiredPackagesContract {

  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.migrated("desired_packages");
    database = new Database(address);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  public DesiredPackages store() {
    return new PostgresDesiredPackages(database);
  }

  @Override
  public AuditLog audit() {
    return new PostgresAuditLog(database);
  }

  @Test
  void whatCannotBeRecordedIsNotDeclared() {
    var store = store();
    TestDatabase.execute(address, "alter table activity rename to hidden");
    assertThrows(
        CompletionException.class,
        () -> done(store.declare(spec("hello"), Presence.INSTALLED, entry("hello"))));
    assertEquals(new DesiredPackages.Declared(0, List.of()), done(store.all()));
  }

  @Test
  void whatANewerVersionWroteHidesNothingElse() {
    var store = store();
    long strange = install(store, "strange");
    long hello = install(store, "hello");
    done(
        store.report(
            DesiredPackagesContract.report(
                "7", DesiredPackagesContract.status("strange", strange, State.DONE))));
    TestDatabase.execute(
        address, "update desired_package set kind = 'cargo' where name = 'strange'");
    TestDatabase.execute(address, "update node_package_status set state = 'dreaming'");
    assertEquals(
        List.of(hello),
        done(store.all()).declarations().stream().map(Declaration::change).toList());
    assertEquals(Map.of(), done(store.standing(strange)).statuses());
    assertEquals(List.of(), done(store.reports()).getFirst().statuses());
  }
}
