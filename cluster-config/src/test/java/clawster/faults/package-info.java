/**
 * The fault rig: real nodes under load, with something going wrong, and a checker that says what
 * came of it. Everything is seen from outside (requests, tables, a tool's effects); the product has
 * no switches for it. Where a fault has to strike at one line, {@link clawster.faults.Rewriting}
 * puts a hook into a copy of the compiled class, and {@link clawster.faults.Order}s say what is to
 * happen there. Rows are named as in the fault matrix; a seed makes the same plan again.
 */
package clawster.faults;
