/** {@code /v1/config}: what is set of the gateway, to be read and changed by admins. */
package clawster.http.config;
