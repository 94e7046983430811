/**
 * A session: one conversation with one agent. {@link clawster.runtime.sessions.SessionRules}
 * decides, {@link clawster.runtime.sessions.SessionEntity} keeps the journal and does what is owed.
 * Everything an acknowledgement promises is in the journal before the acknowledgement leaves.
 */
package clawster.runtime.sessions;
