/**
 * The shapes every feature is made of: deciders and decisions, problems, identifiers, and how its
 * events and messages are written. No word of any feature may appear here.
 */
package clawster.runtime.kernel;
