package clawster.runtime.pairing;

import clawster.runtime.identity.SenderId;
import java.util.UUID;

/**
 * What asks to be let in.
 *
 * @param hash of its secret, by which it is known again
 * @param channel where it is a sender
 * @param sender what it is called there, by whoever may not pass for it
 * @param chat where it speaks, if it is not by itself
 * @param account of whom there may be but few that wait: the address that asks
 */
public record Device(
    UUID id, String hash, String channel, String sender, String chat, String account) {

  /** A browser, which has no other name than the one we give it. */
  public static Device browser(SenderId id, String account) {
    return new Device(id.device(), id.hash(), SenderId.CHANNEL, id.shown(), "", account);
  }

  boolean is(String otherChannel, String otherSender) {
    return channel.equals(otherChannel) && sender.equals(otherSender);
  }
}
