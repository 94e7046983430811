package clawster.http.kernel;

import clawster.http.contract.Body;
import clawster.http.contract.Content;
import clawster.http.contract.Parameter;
import clawster.http.contract.Response;
import clawster.http.contract.Schema;
import clawster.runtime.identity.Access;
import clawster.runtime.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpMethod;

/** An endpoint that is being declared: what it takes, what it answers and, last, what serves it. */
public final class Draft {

  private final Chapter chapter;
  private final HttpMethod method;
  private final String path;
  private final Access access;
  private final String summary;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Response> answers = new ArrayList<>();
  private final List<Problem> refusals = new ArrayList<>();
  private Optional<Body> body = Optional.empty();

  Draft(Chapter chapter, HttpMethod method, String path, Access access, String summary) {
    this.chapter = chapter;
    this.method = method;
    this.path = path;
    this.access = access;
    this.summary = summary;
  }

  public Draft takes(Parameter... taken) {
    return takes(List.of(taken));
  }

  public Draft takes(List<Parameter> taken) {
    parameters.addAll(taken);
    return this;
  }

  /**
   * A JSON body.
   *
   * @param limit bytes
   * @param example one that is served
   */
  public Draft reads(Schema schema, long limit, String example) {
    body = Optional.of(new Body(schema, limit, example));
    return this;
  }

  /** Anything but a refusal. */
  public Draft answers(int status, String description, Content... contents) {
    answers.add(new Response(status, description, List.of(contents)));
    return this;
  }

  /** On top of what every endpoint of its kind refuses: {@link Operation#problems} adds that. */
  public Draft refuses(Problem... problems) {
    return refuses(List.of(problems));
  }

  public Draft refuses(List<Problem> problems) {
    refusals.addAll(problems);
    return this;
  }

  public Endpoint servedBy(Endpoint.Handler handler) {
    return new Endpoint(
        new Operation(chapter, method, path, access, summary, parameters, body, answers, refusals),
        Optional.empty(),
        handler);
  }
}
