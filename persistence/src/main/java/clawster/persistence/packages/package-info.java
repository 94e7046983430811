/** What is declared of packages, and what nodes say of it, as rows. */
package clawster.persistence.packages;
