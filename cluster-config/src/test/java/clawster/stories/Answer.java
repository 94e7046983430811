package clawster.stories;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;

/** What came back, whole. */
public record Answer(int status, HttpHeaders headers, String text) {

  public static final ObjectMapper JSON = new ObjectMapper();

  public JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(status + " " + text, e);
    }
  }

  /** The body, once the status is 200. */
  public JsonNode good() {
    if (status != 200) {
      throw new AssertionError(status + " " + text);
    }
    return json();
  }

  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
