/**
 * The log of each run: what was accepted, said, called and how it ended, entry by entry. An entry
 * is shown to a listener only after it is committed, so a reader that comes back with the last
 * sequence number it saw gets every later entry once. Streams of every dialect are projections of
 * this log and hold no state of their own.
 */
package clawster.runtime.runs;
