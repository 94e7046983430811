/**
 * What nodes tell each other of themselves, and what follows for the places of shards. A shard is
 * moved only while none of its sessions is at work, unless its node cannot wait: a move in the
 * middle of an answer costs a pause and a second model call.
 */
package clawster.runtime.nodes;
