package clawster.http.kernel;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.kernel.Ids;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * What is so malformed that it never becomes a request. Its path and so its dialect are unknown.
 * Named in the configuration.
 */
public final class MalformedRequests extends ParsingErrorHandler {

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    log.debug("Malformed request: {}", info.summary());
    var problem = RequestProblems.malformed(info.summary());
    return Router.finished(
        Refusals.response(Dialect.GOCLAW, problem).withStatus(status), Ids.next().toString());
  }
}
