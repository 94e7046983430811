/** The entries of who changed what as rows; other packages store theirs with what they change. */
package clawster.persistence.audit;
