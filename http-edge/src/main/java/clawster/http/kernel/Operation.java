package clawster.http.kernel;

import clawster.http.contract.Body;
import clawster.http.contract.Parameter;
import clawster.http.contract.Response;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.IdentityProblems;
import clawster.runtime.identity.Principal;
import clawster.runtime.kernel.Problem;
import clawster.runtime.limits.LimitProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpMethod;

/**
 * What an endpoint promises: the router is told by it what to let through, the document on the API
 * and the tests are read off it.
 *
 * @param path {@code /v1/sessions/{key}}; a last segment {@code {name...}} takes the rest of the
 *     path
 * @param access who may call it
 * @param answers those that are no refusals
 * @param refusals those that are not everybody's
 */
public record Operation(
    Chapter chapter,
    HttpMethod method,
    String path,
    Access access,
    String summary,
    List<Parameter> parameters,
    Optional<Body> body,
    List<Response> answers,
    List<Problem> refusals) {

  public Operation {
    parameters = List.copyOf(parameters);
    answers = List.copyOf(answers);
    refusals = List.copyOf(refusals);
  }

  /** {@code GET /v1/sessions/{key}}. */
  public String name() {
    return method.value() + " " + path;
  }

  /** By which ways one may say whose a request is, so that it is let in. */
  public List<Transport> transports() {
    if (access == Access.PUBLIC) {
      return List.of();
    }
    return access.allows(Principal.Device.SCOPES)
        ? List.of(Transport.values())
        : List.of(Transport.BEARER);
  }

  /** All that it may refuse a request with, by status. */
  public SortedMap<Integer, List<Problem>> problems() {
    var all = new ArrayList<>(RequestProblems.OF_ALL);
    if (access != Access.PUBLIC) {
      all.add(IdentityProblems.UNAUTHORIZED);
      all.add(IdentityProblems.FORBIDDEN);
      all.add(LimitProblems.LOCKED_OUT);
      all.addAll(RequestProblems.OF_MEMBERS);
    }
    if (body.isPresent()) {
      all.addAll(RequestProblems.OF_BODIES);
    }
    all.addAll(refusals);
    return all.stream()
        .distinct()
        .collect(
            Collectors.groupingBy(
                problem -> Refusals.status(chapter.dialect(), problem.kind()),
                TreeMap::new,
                Collectors.toUnmodifiableList()));
  }
}
