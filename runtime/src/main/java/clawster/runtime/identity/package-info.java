/**
 * Who calls, and what they may do: roles, scopes, keys. Whatever is asked for, by whatever
 * protocol, is allowed by {@link clawster.runtime.identity.Access} and nothing else; what is
 * allowed follows from what we keep of a caller, never from what it says of itself.
 */
package clawster.runtime.identity;
