package clawster.runtime.sessions;

final class InMemoryRequestClaimsTest implements RequestClaimsContract {

  private final RequestClaims claims = new InMemoryRequestClaims();

  @Override
  public RequestClaims claims() {
    return claims;
  }
}
