/** Who answers: an agent's key, its model and what it is told about itself. */
package clawster.runtime.agents;
