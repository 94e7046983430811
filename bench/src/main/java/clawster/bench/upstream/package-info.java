/**
 * A model server that does what the prompt tells it: so many tokens, so far apart, with this
 * failure. It speaks OpenAI's and Anthropic's wire, binds loopback only and costs next to nothing
 * per token, so that what is measured through it is the node and not the upstream. Rules ({@link
 * clawster.bench.upstream.Script}) know no sockets; {@link clawster.bench.upstream.Loop} and {@link
 * clawster.bench.upstream.Connection} know no markers.
 */
package clawster.bench.upstream;
