package clawster.runtime.packages;

import clawster.runtime.audit.AuditEntry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** What the edge asks of packages: what is declared holds for every node, now and later. */
public interface Packages {

  /** Whether a package is to be there. */
  enum Presence {
    INSTALLED,
    ABSENT;

    /** {@code installed}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Stores what is wanted of a package, in the place of what was, with the entry of who wants it.
   * Completes when it is stored; every node then does it, whoever listens.
   *
   * @return the declaration's number; fails with {@link PackagesRefused} if there are too many
   */
  CompletionStage<Long> declare(PackageSpec spec, Presence presence, AuditEntry entry);

  /**
   * What happens with a declaration, to its {@link PackageEvent.Ended}: when all nodes are done,
   * when something else was declared of the package, or when none has come further for too long.
   * Lines may be missed, the end is not. Whoever cancels stops listening, nothing else.
   */
  Source<PackageEvent, NotUsed> follow(long change);

  /**
   * What happens with what is declared from now on, at whichever node, to its {@link
   * PackageEvent.Ended}, as a rule: what something else takes the place of at once, or is declared
   * while very much is, may be missed, and whoever is too slow misses the oldest. It never ends.
   */
  Source<PackageNews, NotUsed> news();

  /** What each node that is a member says of its packages, the oldest first. */
  CompletionStage<List<NodePackages>> nodes();
}
