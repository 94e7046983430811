/** Which nodes there are, what they do, and how one is taken out of service. */
package clawster.http.cluster;
