/**
 * Talking to language models. A {@link clawster.runtime.models.ModelClient} turns one {@link
 * clawster.runtime.models.ModelRequest} into a stream of {@link
 * clawster.runtime.models.ModelEvent}s. Nothing here knows sessions, actors or storage; what is
 * upstream's wire format stays inside this package.
 */
package clawster.runtime.models;
