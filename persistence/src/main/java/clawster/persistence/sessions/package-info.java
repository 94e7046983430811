/** The session list, notes of runs and what is swept away after its time. */
package clawster.persistence.sessions;
