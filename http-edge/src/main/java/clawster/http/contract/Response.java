package clawster.http.contract;

import java.util.List;

/** An answer that is none of the dialect's refusals. */
public record Response(int status, String description, List<Content> contents) {

  public Response {
    contents = List.copyOf(contents);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
