/** Versions of the configuration in PostgreSQL, the same for all nodes. */
package clawster.persistence.config;
