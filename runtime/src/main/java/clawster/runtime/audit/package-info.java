/**
 * Who changed what, when and from where: one entry for each change that somebody asked for. An
 * entry names things and never repeats what was said in them; no secret and no message is ever in
 * one. Callers know it as activity.
 */
package clawster.runtime.audit;
