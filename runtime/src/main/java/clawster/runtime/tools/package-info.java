/**
 * What an agent can do besides talk. A {@link clawster.runtime.tools.Tool} says by itself whether
 * running it twice does harm; the session's journal says whether it ran.
 */
package clawster.runtime.tools;
