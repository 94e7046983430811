package clawster.runtime.config;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.kernel.Decision;
import clawster.runtime.kernel.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is set, as this node goes by it: what its environment fixes, and for the rest the newest
 * version of the document that it can read.
 */
public final class LiveConfig {

  /** How often it is to be brought up to date. */
  public static final Duration REFRESH = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(LiveConfig.class);

  private final ConfigStore store;
  private final ConfigDocument fixed;
  private final ConfigDocument started;
  private volatile ConfigVersion running;

  /** The newest version that was looked at, whether it could be read or not. */
  private volatile long seen;

  private LiveConfig(ConfigStore store, ConfigDocument fixed, ConfigVersion running, long seen) {
    this.store = store;
    this.fixed = fixed;
    this.started = running.document();
    this.running = running;
    this.seen = seen;
  }

  /**
   * Begins with the newest version that can be read, and is known to be good should the very newest
   * not be.
   *
   * @param fixed what the environment sets
   * @param trial whether a node could run with what is set; not asked of a document without
   *     anything
   */
  public static CompletionStage<LiveConfig> start(
      ConfigStore store, ConfigDocument fixed, Predicate<ConfigDocument> trial) {
    return store
        .newest(ConfigStore.KEPT)
        .thenCompose(
            versions -> {
              var running = lastKnownGood(versions, document -> trial.test(document.and(fixed)));
              long newest = versions.isEmpty() ? 0 : versions.getFirst().number();
              if (running.number() < newest) {
                LOG.warn(
                    "Version {} of the configuration cannot be used: starting with version {}",
                    newest,
                    running.number());
              }
              var live = new LiveConfig(store, fixed, running, newest);
              return (running.number() == 0 ? nothing() : store.good(running.number()))
                  .thenApply(_ -> live);
            });
  }

  private static CompletionStage<Void> nothing() {
    return CompletableFuture.completedStage(null);
  }

  private static ConfigVersion lastKnownGood(
      List<ConfigStore.Stored> versions, Predicate<ConfigDocument> trial) {
    for (int i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      if ((i == 0 || version.good())
          && ConfigDocument.read(version.plain())
              instanceof ConfigDocument.Reading.Read(ConfigDocument document)
          && trial.test(document)) {
        return new ConfigVersion(version.number(), document);
      }
    }
    return ConfigVersion.NONE;
  }

  public <T> T get(Setting<T> setting) {
    return fixed.has(setting)
        ? fixed.get(setting)
        : (setting.takes() == Setting.Takes.AT_START ? started : running.document()).get(setting);
  }

  /** What is made of settings, made anew only when some have changed. */
  public <T> Supplier<T> derived(Function<LiveConfig, T> making) {
    return new Derived<>(making)::get;
  }

  private final class Derived<T> {

    private final Function<LiveConfig, T> making;
    private ConfigVersion of;
    private T made;

    private Derived(Function<LiveConfig, T> making) {
      this.making = making;
    }

    private synchronized T get() {
      var now = running;
      if (of != now) {
        made = making.apply(LiveConfig.this);
        of = now;
      }
      return made;
    }
  }

  public ConfigDocument fixed() {
    return fixed;
  }

  /** The version that this node goes by. */
  public ConfigVersion running() {
    return running;
  }

  /** What is to be asked for: whether some node must start anew for this to show. */
  public boolean needsStart(ConfigDocument document) {
    return GatewaySettings.ALL.stream()
        .filter(setting -> setting.takes() == Setting.Takes.AT_START)
        .anyMatch(setting -> !document.get(setting).equals(started.get(setting)));
  }

  /** What came of a change. */
  public sealed interface Outcome {

    /** It is stored, and this node goes by it. */
    record Changed(ConfigVersion version) implements Outcome {}

    record Refused(Problem problem) implements Outcome {}
  }

  /**
   * Stored before it is said to be; the other nodes follow.
   *
   * @param entry who changes it; what, is added
   */
  public CompletionStage<Outcome> patch(
      Map<String, Optional<Object>> changes, Optional<String> baseHash, AuditEntry entry) {
    return latest()
        .thenCompose(
            reading ->
                switch (reading) {
                  case Latest.Unreadable _ -> refused(ConfigProblems.UNREADABLE);
                  case Latest.Of(var version) ->
                      switch (ConfigRules.patch(version.document(), changes, baseHash, fixed)) {
                        case Decision.Refused<ConfigDocument>(var problem) -> refused(problem);
                        case Decision.Happens<ConfigDocument>(var next) ->
                            next.isEmpty()
                                ? CompletableFuture.completedStage(new Outcome.Changed(version))
                                : add(version, next.getFirst(), entry);
                      };
                });
  }

  private static CompletionStage<Outcome> refused(Problem problem) {
    return CompletableFuture.completedStage(new Outcome.Refused(problem));
  }

  private CompletionStage<Outcome> add(
      ConfigVersion before, ConfigDocument document, AuditEntry entry) {
    var next = new ConfigVersion(before.number() + 1, document);
    var names =
        document.differencesFrom(before.document()).stream()
            .map(Setting::name)
            .collect(Collectors.joining(" "));
    return store
        .add(next, entry.with("version", String.valueOf(next.number())).with("changed", names))
        .thenCompose(
            added ->
                added
                    ? follow(next).thenApply(_ -> new Outcome.Changed(next))
                    : refused(ConfigProblems.STALE));
  }

  /** The newest version, wherever it was made. */
  public sealed interface Latest {

    record Of(ConfigVersion version) implements Latest {}

    /** A newer version of this program made it. */
    record Unreadable(long number) implements Latest {}
  }

  public CompletionStage<Latest> latest() {
    return store.newest(1).thenApply(LiveConfig::latest);
  }

  private static Latest latest(List<ConfigStore.Stored> newest) {
    if (newest.isEmpty()) {
      return new Latest.Of(ConfigVersion.NONE);
    }
    var stored = newest.getFirst();
    return switch (ConfigDocument.read(stored.plain())) {
      case ConfigDocument.Reading.Read(var document) ->
          new Latest.Of(new ConfigVersion(stored.number(), document));
      case ConfigDocument.Reading.Refused _ -> new Latest.Unreadable(stored.number());
    };
  }

  /** Looks whether there is a newer version, and goes by it if it can. */
  public CompletionStage<Done> refresh() {
    return store
        .latest()
        .thenCompose(
            number ->
                number <= seen
                    ? CompletableFuture.completedStage(Done.getInstance())
                    : latest().thenCompose(this::followLatest));
  }

  private CompletionStage<Done> followLatest(Latest latest) {
    return switch (latest) {
      case Latest.Unreadable(long number) -> {
        LOG.warn(
            "Version {} of the configuration cannot be read: going on with {}",
            number,
            running.number());
        seen = number;
        yield CompletableFuture.completedStage(Done.getInstance());
      }
      case Latest.Of(var version) -> follow(version);
    };
  }

  private CompletionStage<Done> follow(ConfigVersion version) {
    take(version);
    return (needsStart(version.document()) ? nothing() : store.good(version.number()))
        .exceptionally(
            failure -> {
              LOG.debug("It is not noted that version {} is good", version.number(), failure);
              return null;
            })
        .thenApply(_ -> Done.getInstance());
  }

  private synchronized void take(ConfigVersion version) {
    if (version.number() > running.number()) {
      running = version;
      LOG.info("Version {} of the configuration is in force", version.number());
    }
    seen = Math.max(seen, version.number());
  }
}
