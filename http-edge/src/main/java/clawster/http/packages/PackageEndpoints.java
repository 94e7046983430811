package clawster.http.packages;

import static clawster.http.contract.Content.events;
import static clawster.http.contract.Content.json;

import clawster.http.contract.Content;
import clawster.http.kernel.BadRequest;
import clawster.http.kernel.Call;
import clawster.http.kernel.Chapter;
import clawster.http.kernel.Draft;
import clawster.http.kernel.Endpoint;
import clawster.http.kernel.Endpoint.Dialect;
import clawster.http.kernel.JsonAnswer;
import clawster.http.kernel.JsonBody;
import clawster.http.kernel.Language;
import clawster.http.kernel.Refusals;
import clawster.http.kernel.Sse;
import clawster.runtime.audit.Action;
import clawster.runtime.audit.AuditEntry;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Failures;
import clawster.runtime.packages.DeclarationProblems;
import clawster.runtime.packages.PackageEvent;
import clawster.runtime.packages.PackageEvent.Ended;
import clawster.runtime.packages.PackageSpec;
import clawster.runtime.packages.Packages;
import clawster.runtime.packages.Packages.Presence;
import clawster.runtime.packages.PackagesRefused;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /v1/packages}, in the shapes of GoClaw's document on its HTTP API, with what several nodes
 * have to add. What is declared stands, whether or not whoever declared it waits for the end.
 */
public final class PackageEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(PackageEndpoints.class);

  private static final Chapter PACKAGES =
      new Chapter(
          "Packages", "Which programs and libraries agents have, on all nodes.", Dialect.GOCLAW);

  /** Bytes of a body. GoClaw takes a longer one for one that names no package. */
  private static final int BODY = 4096;

  /** So it has to be read a little further. */
  private static final long READ = 64 << 10;

  private static final Ended UNHEARD = new Ended(Optional.of(PackageProblems.UNHEARD), List.of());

  private final ActorSystem<?> system;
  private final Packages packages;
  private final Clock clock;
  private final Followers followers = new Followers();

  public PackageEndpoints(ActorSystem<?> system, Packages packages, Clock clock) {
    this.system = system;
    this.packages = packages;
    this.clock = clock;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        PACKAGES
            .get("/v1/packages", Access.READ, "List installed packages")
            .answers(200, "Of all nodes together", json(PackageSchemas.LIST))
            .servedBy(this::list),
        PACKAGES
            .get("/v1/packages/runtimes", Access.READ, "Check what packages can be installed with")
            .answers(200, "Of all nodes together", json(PackageSchemas.RUNTIMES))
            .servedBy(this::runtimes),
        declaring(PACKAGES.post("/v1/packages/install", Access.ADMIN, "Install a package"))
            .servedBy(call -> declare(call, Presence.INSTALLED, Action.PACKAGE_INSTALLED))
            .recordsItselfAs(Action.PACKAGE_INSTALLED),
        declaring(PACKAGES.post("/v1/packages/uninstall", Access.ADMIN, "Uninstall a package"))
            .servedBy(call -> declare(call, Presence.ABSENT, Action.PACKAGE_UNINSTALLED))
            .recordsItselfAs(Action.PACKAGE_UNINSTALLED));
  }

  private static Draft declaring(Draft draft) {
    return draft
        .reads(PackageSchemas.DECLARATION, READ, PackageSchemas.EXAMPLE)
        .answers(
            200,
            "All nodes that install such packages have done it. Who accepts events is told sooner,"
                + " by `progress`, `node` and, last, `done`",
            json(PackageSchemas.RESULT),
            events(PackageSchemas.EVENT))
        .answers(500, "It is not done everywhere, and why", json(PackageSchemas.RESULT))
        .refuses(PackageProblems.REQUIRED, PackageProblems.NAME, PackageProblems.BUSY)
        .refuses(DeclarationProblems.TOO_MANY);
  }

  // GET /v1/packages
  private CompletionStage<HttpResponse> list(Call call) {
    return packages.nodes().thenApply(nodes -> JsonAnswer.of(PackageJson.list(nodes)));
  }

  // GET /v1/packages/runtimes
  private CompletionStage<HttpResponse> runtimes(Call call) {
    return packages.nodes().thenApply(nodes -> JsonAnswer.of(PackageJson.runtimes(nodes)));
  }

  // POST /v1/packages/install
  // POST /v1/packages/uninstall
  private CompletionStage<HttpResponse> declare(Call call, Presence presence, Action action) {
    var spec = spec(call);
    var found = followers.place();
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(
          Refusals.response(Dialect.GOCLAW, PackageProblems.BUSY));
    }
    var place = found.get();
    call.gone().thenRun(place::leave);
    var entry = call.entry(action, clock.instant()).about(spec.toString());
    return declared(spec, presence, entry)
        .thenCompose(
            change ->
                wantsEvents(call)
                    ? CompletableFuture.completedStage(told(call, change, place))
                    : ended(call, change, place))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                place.leave();
              }
            });
  }

  private CompletionStage<Long> declared(PackageSpec spec, Presence presence, AuditEntry entry) {
    return packages
        .declare(spec, presence, entry)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    Failures.cause(failure) instanceof PackagesRefused refused
                        ? new BadRequest(refused.problem())
                        : failure));
  }

  private static PackageSpec spec(Call call) {
    var name = name(call);
    return PackageSpec.parse(name).orElseThrow(() -> new BadRequest(PackageProblems.NAME));
  }

  /** Whatever is wrong with it, it names no package. */
  private static String name(Call call) {
    if (call.body().size() > BODY) {
      throw new BadRequest(PackageProblems.REQUIRED);
    }
    try {
      return JsonBody.object(call.body())
          .text("package")
          .filter(name -> !name.isEmpty())
          .orElseThrow(() -> new BadRequest(PackageProblems.REQUIRED));
    } catch (BadRequest _) {
      throw new BadRequest(PackageProblems.REQUIRED);
    }
  }

  private static boolean wantsEvents(Call call) {
    return call.header("Accept").filter(accept -> accept.contains(Content.EVENTS)).isPresent();
  }

  /** It runs at once, so that one that is never read comes to an end, too. */
  private HttpResponse told(Call call, long change, Followers.Place place) {
    return Sse.response(
        PackageEvents.of(change, happening(change), call.language())
            .watchTermination((_, end) -> place.until(end))
            .preMaterialize(system)
            .second());
  }

  private CompletionStage<HttpResponse> ended(Call call, long change, Followers.Place place) {
    var running =
        happening(change)
            .viaMat(KillSwitches.single(), Keep.right())
            .collectType(Ended.class)
            .toMat(Sink.headOption(), Keep.both())
            .run(system);
    call.gone().thenRun(running.first()::shutdown);
    return place
        .until(running.second())
        .thenApply(ended -> answer(change, ended.orElse(UNHEARD), call.language()));
  }

  /** To an end always: should none be heard, it is said to be that. */
  private Source<PackageEvent, NotUsed> happening(long change) {
    return packages
        .follow(change)
        .recover(
            new PFBuilder<Throwable, PackageEvent>()
                .matchAny(
                    failure -> {
                      LOG.warn("How change {} ends is not heard: {}", change, failure.toString());
                      return UNHEARD;
                    })
                .build())
        .concat(Source.single(UNHEARD))
        .takeWhile(event -> !(event instanceof Ended), true);
  }

  private static HttpResponse answer(long change, Ended ended, Language language) {
    var answer = JsonAnswer.of(PackageJson.result(change, ended, language));
    return ended.ok() ? answer : answer.withStatus(StatusCodes.INTERNAL_SERVER_ERROR);
  }
}
