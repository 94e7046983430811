package clawster.runtime.pairing;

import clawster.runtime.audit.AuditLog;
import clawster.runtime.audit.InMemoryAuditLog;

final class InMemoryPairingsTest implements PairingsContract {

  private final InMemoryAuditLog audit = new InMemoryAuditLog();
  private final InMemoryPairings pairings = new InMemoryPairings(audit);

  @Override
  public Pairings pairings() {
    return pairings;
  }

  @Override
  public AuditLog audit() {
    return audit;
  }
}
