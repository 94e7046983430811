package clawster.http.pairing;

import static clawster.http.contract.Field.field;
import static clawster.http.contract.Field.optional;
import static clawster.http.contract.Schema.count;
import static clawster.http.contract.Schema.formed;
import static clawster.http.contract.Schema.listOf;
import static clawster.http.contract.Schema.named;
import static clawster.http.contract.Schema.object;
import static clawster.http.contract.Schema.text;

import clawster.http.contract.Schema;
import clawster.runtime.identity.SenderId;
import clawster.runtime.pairing.Device;
import clawster.runtime.pairing.PairedDevice;
import clawster.runtime.pairing.PairingState;
import clawster.runtime.pairing.PendingDevice;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** Devices as GoClaw's clients read them; times are milliseconds. Never with a secret. */
final class PairingList {

  static final Schema CODE = formed("[A-HJ-NP-Z2-9]{8}", "ABCD2345");

  static final Schema REQUESTED =
      named(
          "PairingRequest",
          object(
              field("code", CODE),
              field("sender_id", text(), "The secret of the device; nobody can say it again"),
              field("channel", text()),
              field("expires_at", count(), "When the code is good no more, in milliseconds")));

  static final Schema PAIRED =
      named(
          "PairedDevice",
          object(
              field("sender_id", text(), "Without its secret part"),
              field("channel", text()),
              field("chat_id", text()),
              field("paired_at", count()),
              field("paired_by", text()),
              field("expires_at", count()),
              optional("last_used_at", count())));

  private static final Schema PENDING =
      named(
          "PendingDevice",
          object(
              field("sender_id", text()),
              field("channel", text()),
              field("chat_id", text()),
              field("code", CODE),
              field("account_id", text()),
              field("created_at", count()),
              field("expires_at", count())));

  static final Schema LIST =
      named("Pairing", object(field("pending", listOf(PENDING)), field("paired", listOf(PAIRED))));

  private PairingList() {}

  static ObjectNode of(PairingState state, Instant now) {
    var root = JsonNodeFactory.instance.objectNode();
    var pending = root.putArray("pending");
    state.pending().stream()
        .filter(device -> device.isGoodAt(now))
        .forEach(device -> pending.add(pending(device)));
    var paired = root.putArray("paired");
    state.paired().stream()
        .filter(device -> device.isGoodAt(now))
        .forEach(device -> paired.add(paired(device)));
    return root;
  }

  static Optional<PendingDevice> pending(PairingState state, SenderId sender, Instant now) {
    return state.pending().stream()
        .filter(device -> device.isGoodAt(now) && device.device().hash().equals(sender.hash()))
        .findFirst();
  }

  private static ObjectNode pending(PendingDevice pending) {
    return device(pending.device())
        .put("code", pending.code().text())
        .put("account_id", pending.device().account())
        .put("created_at", pending.asked().toEpochMilli())
        .put("expires_at", pending.expires().toEpochMilli());
  }

  static ObjectNode paired(PairedDevice paired) {
    var node =
        device(paired.device())
            .put("paired_at", paired.paired().toEpochMilli())
            .put("paired_by", paired.by())
            .put("expires_at", paired.expires().toEpochMilli());
    paired.lastUsed().ifPresent(at -> node.put("last_used_at", at.toEpochMilli()));
    return node;
  }

  private static ObjectNode device(Device device) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("sender_id", device.sender())
        .put("channel", device.channel())
        .put("chat_id", device.chat());
  }
}
