package clawster.runtime.config;

final class InMemoryConfigStoreTest implements ConfigStoreContract {

  @Override
  public ConfigStore store() {
    return new InMemoryConfigStore();
  }
}
