package clawster.http.kernel;

import clawster.http.kernel.Endpoint.Dialect;
import clawster.runtime.identity.Access;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;

/**
 * Endpoints that belong together, as the document on the API shows them. They are declared with it:
 * request line, who may call and a summary first, then what {@link Draft} says.
 */
public record Chapter(String name, String description, Dialect dialect) {

  public Draft get(String path, Access access, String summary) {
    return on(HttpMethods.GET, path, access, summary);
  }

  public Draft post(String path, Access access, String summary) {
    return on(HttpMethods.POST, path, access, summary);
  }

  public Draft patch(String path, Access access, String summary) {
    return on(HttpMethods.PATCH, path, access, summary);
  }

  public Draft delete(String path, Access access, String summary) {
    return on(HttpMethods.DELETE, path, access, summary);
  }

  public Draft on(HttpMethod method, String path, Access access, String summary) {
    return new Draft(this, method, path, access, summary);
  }
}
