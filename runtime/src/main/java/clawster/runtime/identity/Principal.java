package clawster.runtime.identity;

import clawster.runtime.audit.Actor;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Who a request is from, as its credential says. */
public sealed interface Principal {

  /** What it may do. */
  Set<Scope> scopes();

  /** What tells it from every other: what requests are remembered and logged under. */
  String id();

  /** Of which kind it is, as people read it. */
  String type();

  /** As the log of changes names it. */
  default Actor actor() {
    return new Actor(type(), id());
  }

  /** The highest that its scopes make it. */
  default Role role() {
    return scopes().stream().map(Scope::role).max(Comparator.naturalOrder()).orElse(Role.VIEWER);
  }

  /** Whoever shows what can be taken back. */
  sealed interface Revocable extends Principal {

    /** What is kept of it. */
    UUID credential();

    /** When it is good no more. */
    Optional<Instant> expires();
  }

  /** Whoever has the gateway's token, or is on a machine whose gateway has none. */
  record Gateway() implements Principal {

    @Override
    public Set<Scope> scopes() {
      return EnumSet.allOf(Scope.class);
    }

    @Override
    public String id() {
      return "gateway";
    }

    @Override
    public String type() {
      return "gateway";
    }
  }

  /**
   * Whoever has an API key.
   *
   * @param expires when it is good no more
   */
  record Key(UUID key, Set<Scope> scopes, Optional<Instant> expires) implements Revocable {

    public Key {
      scopes = Set.copyOf(scopes);
    }

    @Override
    public UUID credential() {
      return key;
    }

    @Override
    public String id() {
      return key.toString();
    }

    @Override
    public String type() {
      return "api_key";
    }
  }

  /**
   * A browser that was let in without a token.
   *
   * @param end when it is so no more
   */
  record Device(UUID device, Instant end) implements Revocable {

    /** What each may do: nothing that lets others in. */
    public static final Set<Scope> SCOPES = Set.of(Scope.READ, Scope.WRITE);

    @Override
    public Set<Scope> scopes() {
      return SCOPES;
    }

    @Override
    public UUID credential() {
      return device;
    }

    @Override
    public Optional<Instant> expires() {
      return Optional.of(end);
    }

    @Override
    public String id() {
      return SenderId.shown(device);
    }

    @Override
    public String type() {
      return "device";
    }
  }

  /** Nobody yet: on routes that are open to everybody. */
  record Anybody() implements Principal {

    @Override
    public Set<Scope> scopes() {
      return Set.of();
    }

    @Override
    public String id() {
      return Actor.ANYBODY.id();
    }

    @Override
    public String type() {
      return Actor.ANYBODY.type();
    }
  }

  Principal GATEWAY = new Gateway();
  Principal ANYBODY = new Anybody();
}
