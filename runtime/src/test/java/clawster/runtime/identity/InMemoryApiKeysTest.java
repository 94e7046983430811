package clawster.runtime.identity;

final class InMemoryApiKeysTest implements ApiKeysContract {

  @Override
  public ApiKeys keys() {
    return new InMemoryApiKeys();
  }
}
