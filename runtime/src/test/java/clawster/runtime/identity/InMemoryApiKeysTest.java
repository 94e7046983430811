package clawster.runtime.identity;

import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;

final class InMemoryApiKeysTest implements ApiKeysContract {

  private final InMemoryAuditLog audit = new InMemoryAuditLog();

  @Override
  public ApiKeys keys() {
    return new InMemoryApiKeys(audit);
  }

  @Override
  public AuditLog audit() {
    return audit;
  }
}
