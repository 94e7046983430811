package clawster.runtime.packages;

import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;
import java.time.Clock;

final class InMemoryDesiredPackagesTest implements DesiredPackagesContract {

  private final InMemoryAuditLog audit = new InMemoryAuditLog();

  @Override
  public DesiredPackages store() {
    return new InMemoryDesiredPackages(audit, Clock.systemUTC());
  }

  @Override
  public AuditLog audit() {
    return audit;
  }
}
