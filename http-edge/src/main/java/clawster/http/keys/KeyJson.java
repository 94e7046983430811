package clawster.http.keys;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Schema.flag;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.orNull;
import static clawster.http.contract.Schema.text;
import static clawster.http.contract.Schema.time;
import static clawster.http.contract.Schema.uuid;
import static clawster.http.contract.Schema.words;

import clawster.http.contract.Schema;
import clawster.runtime.identity.ApiKey;
import clawster.runtime.identity.KeySecret;
import clawster.runtime.identity.Scope;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Keys as JSON, in GoClaw's shapes. */
final class KeyJson {

  static final Schema SCOPE =
      named(
          "Scope",
          words(Arrays.stream(Scope.values()).map(Scope::wireName).toArray(String[]::new)));

  static final Schema KEY =
      named(
          "ApiKey",
          object(
              field("id", uuid()),
              field("name", text()),
              field("prefix", text(), "What its secret begins with"),
              field("scopes", listOf(SCOPE)),
              field("expires_at", orNull(time())),
              field("created_at", time()),
              field("last_used_at", orNull(time()), "To the minute, or so"),
              field("revoked", flag()),
              field("created_by", text()),
              field("updated_at", time())));

  static final Schema MADE =
      named(
          "NewApiKey",
          object(
              field("id", uuid()),
              field("name", text()),
              field("prefix", text()),
              field("scopes", listOf(SCOPE)),
              field("expires_at", orNull(time())),
              field("created_at", time()),
              field("key", text(), "The secret; nobody can say it again")));

  private KeyJson() {}

  static ObjectNode listed(ApiKey key) {
    var node = described(key);
    put(node, "last_used_at", key.lastUsed());
    node.put("revoked", key.revoked().isPresent());
    node.put("created_by", key.creator());
    put(node, "updated_at", key.revoked().or(() -> Optional.of(key.created())));
    return node;
  }

  static ObjectNode made(ApiKey key, KeySecret secret) {
    return described(key).put("key", secret.reveal());
  }

  private static ObjectNode described(ApiKey key) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("id", key.id().toString()).put("name", key.name()).put("prefix", key.prefix());
    var scopes = node.putArray("scopes");
    key.scopes().stream().sorted().map(Scope::wireName).forEach(scopes::add);
    put(node, "expires_at", key.expires());
    put(node, "created_at", Optional.of(key.created()));
    return node;
  }

  private static void put(ObjectNode node, String name, Optional<Instant> time) {
    node.put(name, time.map(Instant::toString).orElse(null));
  }
}
