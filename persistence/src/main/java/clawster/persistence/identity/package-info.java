/** Who may call, in PostgreSQL. Secrets are never stored, only what they are known again by. */
package clawster.persistence.identity;
