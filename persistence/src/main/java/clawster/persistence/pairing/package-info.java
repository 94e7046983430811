/** Devices as rows. */
package clawster.persistence.pairing;
