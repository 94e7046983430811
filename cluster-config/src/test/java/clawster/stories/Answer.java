package clawster.stories;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;

/** What came back, whole. */
record Answer(int status, HttpHeaders headers, String text) {

  static final ObjectMapper JSON = new ObjectMapper();

  JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(status + " " + text, e);
    }
  }

  /** The body, once the status is 200. */
  JsonNode good() {
    if (status != 200) {
      throw new AssertionError(status + " " + text);
    }
    return json();
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
