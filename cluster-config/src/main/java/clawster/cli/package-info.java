/** The verbs of {@code ./clawster}. */
package clawster.cli;
