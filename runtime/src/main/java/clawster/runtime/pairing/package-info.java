/**
 * How a device that has no token is let in: it is shown a code, somebody who may do so approves
 * that code, and then the device is let in by its sender id until that is revoked or has had its
 * time. Nothing is approved by itself, wherever it comes from.
 */
package clawster.runtime.pairing;
