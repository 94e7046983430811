package clawster.runtime.audit;

final class InMemoryAuditLogTest implements AuditLogContract {

  @Override
  public AuditLog log() {
    return new InMemoryAuditLog();
  }
}
