/** One node: its settings, its parts joined, its start and its end. */
package clawster.node;
