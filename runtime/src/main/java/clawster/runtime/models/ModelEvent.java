package clawster.runtime.models;

/** One step of a model's answer. */
public sealed interface ModelEvent {

  /** A piece of the visible answer; never empty. */
  record Text(String text) implements ModelEvent {}

  /** A piece of the model's reasoning, where it shows any; never empty. */
  record Reasoning(String text) implements ModelEvent {}

  /**
   * A piece of a tool call. Id and name come once each, the name with the first fragment or later;
   * arguments arrive as pieces of JSON text that are complete only when the answer has finished.
   *
   * @param index position of the call in the answer, from 0
   * @param id the upstream's call id; else empty, in all fragments where it gives none
   * @param name the tool's name; else empty
   */
  record ToolCallFragment(int index, String id, String name, String arguments)
      implements ModelEvent {}

  /** The end of a whole answer. */
  record Finished(FinishReason reason, Usage usage) implements ModelEvent {}
}
