package clawster.runtime.config;

import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;

final class InMemoryConfigStoreTest implements ConfigStoreContract {

  private final InMemoryAuditLog audit = new InMemoryAuditLog();

  @Override
  public ConfigStore store() {
    return new InMemoryConfigStore(audit);
  }

  @Override
  public AuditLog audit() {
    return audit;
  }
}
