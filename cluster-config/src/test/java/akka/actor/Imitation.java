package akka.actor;

/** Stands in for a library we may not use, so that the rule against it can be seen to fail. */
public interface Imitation {}
