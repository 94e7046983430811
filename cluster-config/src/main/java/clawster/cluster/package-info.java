/**
 * How a node becomes a member of the cluster, knows that it still is one, and stops when it is none
 * any more. What must be decided is decided by pure rules over a {@code Census}; the database that
 * all nodes share is the only place where they meet before they are members.
 */
package clawster.cluster;
