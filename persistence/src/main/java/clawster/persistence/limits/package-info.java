/**
 * What limits count, in PostgreSQL, and by its clock. The rules are {@code runtime.limits}'; here a
 * row is locked, the rule is asked, and the row is written.
 */
package clawster.persistence.limits;
