/**
 * The shapes every feature is made of: decisions, problems and the shell that turns a decider into
 * a sharded, persistent actor. No word of any feature may appear here.
 */
package clawster.runtime.kernel;
