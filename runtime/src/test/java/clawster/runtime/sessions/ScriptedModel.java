package clawster.runtime.sessions;

import clawster.runtime.models.FinishReason;
import clawster.runtime.models.ModelCapabilities;
import clawster.runtime.models.ModelCatalogue;
import clawster.runtime.models.ModelClient;
import clawster.runtime.models.ModelEvent;
import clawster.runtime.models.ModelFailure;
import clawster.runtime.models.ModelRequest;
import clawster.runtime.models.Usage;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A model that says what a test tells it to, one script for each request. */
final class ScriptedModel implements ModelClient {

  static final Usage USAGE = new Usage(7, 5);

  final List<ModelRequest> asked = new CopyOnWriteArrayList<>();

  /** Completes when a call that hangs is given up. */
  final CompletableFuture<Void> hungUp = new CompletableFuture<>();

  volatile Thread lastAsker;

  private final boolean continuesPrefix;
  private final Queue<Source<ModelEvent, NotUsed>> scripts = new ConcurrentLinkedQueue<>();

  private ScriptedModel(boolean continuesPrefix) {
    this.continuesPrefix = continuesPrefix;
  }

  static ScriptedModel thatContinues() {
    return new ScriptedModel(true);
  }

  static ScriptedModel thatMustBeAsked() {
    return new ScriptedModel(false);
  }

  /** Says this and breaks. */
  ScriptedModel cutAfter(ModelEvent... events) {
    return failsAfter(ModelFailure.Kind.INTERRUPTED, events);
  }

  ScriptedModel failsAfter(ModelFailure.Kind kind, ModelEvent... events) {
    var failure = new ModelFailure(kind, "it broke");
    return then(
        Source.from(List.of(events)).concatLazy(Source.lazySource(() -> Source.failed(failure))));
  }

  /** Says this and then nothing more, for ever. */
  ScriptedModel hangsAfter(ModelEvent... events) {
    return then(
        Source.from(List.of(events))
            .concatLazy(Source.<ModelEvent>maybe().mapMaterializedValue(_ -> NotUsed.notUsed()))
            .watchTermination(
                (_, done) -> {
                  done.whenComplete((_, _) -> hungUp.complete(null));
                  return NotUsed.notUsed();
                }));
  }

  /** Says this, which is all. */
  ScriptedModel says(ModelEvent... events) {
    return then(Source.from(List.of(events)));
  }

  /** Says this text in one piece and stops. */
  ScriptedModel says(String text) {
    return says(text(text), end());
  }

  ScriptedModel then(Source<ModelEvent, NotUsed> script) {
    scripts.add(script);
    return this;
  }

  static ModelEvent text(String text) {
    return new ModelEvent.Text(text);
  }

  static ModelEvent fragment(int index, String id, String name, String arguments) {
    return new ModelEvent.ToolCallFragment(index, id, name, arguments);
  }

  static ModelEvent end() {
    return new ModelEvent.Finished(FinishReason.STOP, USAGE);
  }

  ModelCatalogue catalogue() {
    return new ModelCatalogue(Map.of("scripted", this), "scripted/words");
  }

  ModelCatalogue.Entry entry() {
    return new ModelCatalogue.Entry("scripted", "words", this);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return Source.lazySource(
            () -> {
              asked.add(request);
              return scripts.remove();
            })
        .mapMaterializedValue(_ -> NotUsed.notUsed());
  }

  @Override
  public ModelCapabilities capabilities(String model) {
    lastAsker = Thread.currentThread();
    return new ModelCapabilities(continuesPrefix);
  }
}
