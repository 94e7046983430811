package clawster.bench.upstream;

import java.util.Map;
import java.util.regex.Pattern;

/** One HTTP request, read in full. Header names are lower case. */
record Request(String method, String target, Map<String, String> headers, byte[] body) {

  Request {
    headers = Map.copyOf(headers);
  }

  String path() {
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Control requests are ours, not the node's, and are not counted. */
  boolean isControl() {
    return target.startsWith("/__");
  }

  boolean asksToClose() {
    return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
  }

  int queryNumber(String name, int otherwise) {
    var matcher = Pattern.compile("[?&]" + Pattern.quote(name) + "=(\\d{1,9})").matcher(target);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
  }
}
