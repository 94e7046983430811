package clawster.stories;

import clawster.contract.Samples;
import clawster.http.contract.Body;
import clawster.http.contract.Parameter;
import clawster.http.contract.Parameter.Place;
import clawster.http.kernel.Operation;
import clawster.runtime.identity.Access;
import clawster.runtime.identity.Scope;
import clawster.stories.Attempt.Expected;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests to try operations with, made of what they declare.
 *
 * @param known for a variable of an operation's path, one that names something there is
 * @param narrow a key with {@link Scope#PAIRING} and nothing else
 */
record Attempts(Samples samples, BiFunction<Operation, Parameter, String> known, String narrow) {

  /** Bodies up to this are made too long, too. */
  private static final long MIB = 1 << 20;

  /** Of those a schema cannot say that there is such an event. */
  private static final Set<String> PLACES = Set.of("after", "Last-Event-ID");

  /** One that is good, and may be changed before it is sent. */
  private record Made(Operation operation, Map<Parameter, String> values, Optional<String> body) {

    Made with(Parameter parameter, String value) {
      var more = new LinkedHashMap<>(values);
      more.put(parameter, value);
      return new Made(operation, more, body);
    }

    Made with(String otherBody) {
      return new Made(operation, values, Optional.of(otherBody));
    }

    Attempt expecting(Expected expected) {
      return expecting(expected, Map.of());
    }

    Attempt expecting(Expected expected, Map<String, String> moreHeaders) {
      var headers = new HashMap<>(moreHeaders);
      at(Place.HEADER)
          .filter(entry -> entry.getValue().chars().allMatch(c -> c >= ' ' && c <= '~'))
          .forEach(entry -> headers.put(entry.getKey().name(), entry.getValue()));
      return new Attempt(operation, target(), headers, body, expected);
    }

    private String target() {
      var path = operation.path();
      for (var entry : at(Place.PATH).toList()) {
        path = path.replaceAll("\\{" + entry.getKey().name() + "(\\.\\.\\.)?}", encoded(entry));
      }
      var query =
          at(Place.QUERY)
              .map(entry -> entry.getKey().name() + "=" + encoded(entry))
              .collect(Collectors.joining("&"));
      return query.isEmpty() ? path : path + "?" + query;
    }

    private Stream<Map.Entry<Parameter, String>> at(Place place) {
      return values.entrySet().stream().filter(entry -> entry.getKey().place() == place);
    }

    private static String encoded(Map.Entry<Parameter, String> entry) {
      return URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8).replace("+", "%20");
    }
  }

  private Made good(Operation operation) {
    var values = new LinkedHashMap<Parameter, String>();
    operation.parameters().stream()
        .filter(Parameter::required)
        .forEach(parameter -> values.put(parameter, known.apply(operation, parameter)));
    return new Made(operation, values, operation.body().map(Body::example));
  }

  /** All that the declaration suggests, the good one first. */
  Stream<Attempt> of(Operation operation) {
    var good = good(operation);
    return Stream.of(
            Stream.of(good.expecting(Expected.WELL_FORMED)),
            strangers(good),
            operation.parameters().stream().flatMap(parameter -> parameter(good, parameter)),
            operation.body().stream().flatMap(body -> body(good, body)))
        .flatMap(all -> all);
  }

  private Stream<Attempt> strangers(Made good) {
    var access = good.operation().access();
    var foreign = good.expecting(Expected.exactly(403), Map.of("Origin", "http://evil.example"));
    if (access == Access.PUBLIC) {
      return Stream.of(
          good.expecting(Expected.WELL_FORMED, Map.of("Authorization", "Bearer wrong")), foreign);
    }
    var nobody = good.expecting(Expected.exactly(401), Map.of("Authorization", ""));
    return access.allows(Set.of(Scope.PAIRING))
        ? Stream.of(nobody, foreign)
        : Stream.of(
            nobody,
            foreign,
            good.expecting(Expected.exactly(403), Map.of("Authorization", "Bearer " + narrow)));
  }

  private Stream<Attempt> parameter(Made good, Parameter parameter) {
    var schema = parameter.schema();
    var fits = PLACES.contains(parameter.name()) ? Expected.ANYTHING : Expected.WELL_FORMED;
    return Stream.concat(
        samples
            .fittingTexts(schema)
            .filter(text -> parameter.place() != Place.PATH || !text.isEmpty())
            .map(text -> good.with(parameter, text).expecting(fits)),
        samples
            .brokenTexts(schema)
            .filter(text -> parameter.place() != Place.HEADER || !text.isEmpty())
            .map(text -> good.with(parameter, text).expecting(Expected.REFUSED)));
  }

  private Stream<Attempt> body(Made good, Body body) {
    var example = json(body.example());
    return Stream.of(
            whole(good, body),
            Stream.generate(() -> samples.fitting(body.schema()))
                .limit(5)
                .map(one -> fitting(good, one)),
            samples.bounds(body.schema(), example).map(one -> fitting(good, one)),
            samples
                .broken(body.schema(), example)
                .map(one -> good.with(one.toString()).expecting(Expected.REFUSED)),
            samples
                .strange(body.schema(), example)
                .map(one -> good.with(one.toString()).expecting(Expected.ANYTHING)))
        .flatMap(all -> all);
  }

  private static Attempt fitting(Made good, JsonNode body) {
    return good.with(body.toString())
        .expecting(isBeyondForm(good.operation(), body) ? Expected.ANYTHING : Expected.WELL_FORMED);
  }

  /** What a schema cannot say. */
  private static boolean isBeyondForm(Operation operation, JsonNode body) {
    return switch (operation.path()) {
      // That there is such a model; how long all of it together may be.
      case "/v1/sessions/{key}" ->
          body.has("model") || body.path("metadata").toString().length() > 8_000;
      case "/v1/chat/completions" ->
          body.path("messages")
              .valueStream()
              .noneMatch(message -> message.path("role").asText().matches("user|tool"));
      default -> false;
    };
  }

  /** What is no body for anybody. */
  private static Stream<Attempt> whole(Made good, Body body) {
    var deep = "[".repeat(100) + "]".repeat(100);
    var refused =
        Stream.of(
                "",
                " ",
                "{",
                "[]",
                "null",
                "5",
                "\"{}\"",
                "{}{}",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "{\"a\":" + deep + "}",
                deep,
                "[".repeat(100_000),
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\n\"}",
                "{\"\\ud800\":1}",
                "{\"a\":1e99999999999}x")
            .map(text -> good.with(text).expecting(Expected.REFUSED));
    var types =
        Stream.of("text/plain", "application/x-www-form-urlencoded", "application/xml", "a/b")
            .map(type -> good.expecting(Expected.exactly(415), Map.of("Content-Type", type)));
    var odd =
        Stream.of("{\"x\":\"\\ud800\"}", "{\"x\":\"\\u0000\"}", "{\"x\":1e400}", "{\"\":{}}")
            .map(text -> good.with(text).expecting(Expected.ANYTHING));
    var tooLong =
        body.limit() <= MIB
            ? Stream.of(
                good.with(" ".repeat((int) body.limit()) + body.example())
                    .expecting(Expected.exactly(413)))
            : Stream.<Attempt>of();
    return Stream.of(refused, types, odd, tooLong).flatMap(all -> all);
  }

  /** Something or other. */
  Attempt any(Operation operation) {
    var made = good(operation);
    for (var parameter : operation.parameters()) {
      if (samples.random().nextBoolean()) {
        made = made.with(parameter, samples.anyText(parameter.schema()));
      }
    }
    return operation
        .body()
        .map(body -> samples.any(body.schema()).toString())
        .map(made::with)
        .orElse(made)
        .expecting(Expected.ANYTHING);
  }

  private static JsonNode json(String text) {
    return new Answer(0, null, text).json();
  }
}
