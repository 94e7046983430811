package clawster.runtime.kernel;

import java.util.List;

/**
 * The rules of one kind of entity, as pure functions. No clock, no ids, no I/O: they come in the
 * command. Recovery runs {@link #evolve} over the journal, so what it does may never change for an
 * old event.
 *
 * @param <C> command, imperative
 * @param <E> event, past tense
 * @param <S> state
 * @param <O> work that follows from a state
 */
public interface Decider<C, E, S, O> {

  S initial();

  Decision<E> decide(S state, C command);

  S evolve(S state, E event);

  /**
   * Work this state calls for and that is not done. Equal values are the same piece of work: what
   * is owed and not running gets started, what runs and is no longer owed gets stopped.
   */
  List<O> owed(S state);
}
