/** The run log in PostgreSQL: rows keyed {@code (run, seq)}, one partition a day. */
package clawster.persistence.runs;
