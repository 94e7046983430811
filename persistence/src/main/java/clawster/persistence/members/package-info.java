/**
 * Who is a node of the cluster, as the database everybody shares knows it, and who goes on after a
 * split. Only the database's clock counts here, and only locks that go with a process's connection
 * say that it lives.
 */
package clawster.persistence.members;
