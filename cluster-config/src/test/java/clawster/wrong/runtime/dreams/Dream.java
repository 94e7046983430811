package clawster.wrong.runtime.dreams;

import akka.actor.Imitation;
import java.util.Date;

/** Wrong: an unlisted package, an old date, and Akka. */
public record Dream(Date when, Imitation what) {}
