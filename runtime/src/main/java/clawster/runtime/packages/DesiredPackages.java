package clawster.runtime.packages;

import clawster.runtime.audit.AuditEntry;
import clawster.runtime.packages.Packages.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What is declared of packages, and what nodes say of it: what all nodes share. */
public interface DesiredPackages {

  /** So many declarations at most, each of another package. */
  int MOST = 1_000;

  /**
   * Everything that is declared, at one moment.
   *
   * @param revision as {@link #revision} has it
   * @param declarations by their numbers
   */
  record Declared(long revision, List<Declaration> declarations) {
    public Declared {
      declarations = List.copyOf(declarations);
    }

    /** Those that were made after an earlier revision. */
    Stream<Declaration> since(long earlier) {
      return declarations.stream().filter(one -> one.change() > earlier);
    }
  }

  /**
   * Stores a declaration with the entry of who made it. Of two at once, one is the later. If there
   * are {@link #MOST} of other packages, withdrawn ones make room.
   *
   * @return its number; empty, and nothing stored, if there is no room
   */
  CompletionStage<Optional<Long>> declare(PackageSpec spec, Presence presence, AuditEntry entry);

  /** A greater number after each change of what is declared; 0 before the first. Cheap. */
  CompletionStage<Long> revision();

  CompletionStage<Declared> all();

  CompletionStage<Standing> standing(long change);

  /**
   * It came to nothing anywhere: stores that with the entry of who found it out, unless some node
   * has ever said that it is done, or it was declared too long ago.
   *
   * @param within how long ago it may have been declared
   * @return whether it was still wanted until now, and is not any more
   */
  CompletionStage<Boolean> withdraw(long change, Duration within, AuditEntry entry);

  /** Keeps what a node says, in the place of what it said before, and when. */
  CompletionStage<Void> report(NodePackages report);

  /** Of all nodes, members or not. */
  CompletionStage<List<NodePackages>> reports();

  /**
   * Forgets what only the past is interested in. Declarations that go are a change of what is
   * declared.
   *
   * @param members whose reports stay
   * @param silent for how long the others must have said nothing
   * @param withdrawn how long ago declarations must have been withdrawn
   */
  CompletionStage<Void> tidy(Set<String> members, Duration silent, Duration withdrawn);
}
