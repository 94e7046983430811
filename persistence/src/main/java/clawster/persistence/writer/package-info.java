/**
 * What a node writes besides the journal: run logs, session lines and notes of owed runs, in one
 * commit for all sessions of the node. A commit costs the same for one row as for a thousand, so
 * commits are what is counted.
 */
package clawster.persistence.writer;
