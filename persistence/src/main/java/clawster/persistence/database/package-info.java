/**
 * How this node talks to PostgreSQL: one small pool, one migration at start, errors that say
 * "away".
 */
package clawster.persistence.database;
