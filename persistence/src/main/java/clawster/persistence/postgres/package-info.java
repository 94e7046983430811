/**
 * Where the data lives: the claim on a data directory, the address of a database, and the embedded
 * PostgreSQL for those who bring none. The database belongs to the data directory, not to a node: a
 * watchdog process owns it and outlives every node but the last. No table is known here.
 */
package clawster.persistence.postgres;
