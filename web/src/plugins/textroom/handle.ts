import type { DataChannel } from "../../channel.js";
import * as gen from "../../gen/textroom.js";
import { Handle } from "../../handle.js";
import type { Peer } from "../../peer.js";
import type { CallOptions } from "../../runtime.js";
import { Chat } from "./chat.js";
import type { TextRoomEvent } from "./events.js";
import { Rooms } from "./rooms.js";

/** Settings of {@link TextRoom.open}. */
export interface OpenOptions extends CallOptions {
  /** The peer connection to talk over. Default: one that `open` makes, and that ends with the chat. */
  peer?: Peer;
  /** A channel of `peer`, opened before with the label `TextRoom.label`. Default: one that `open` makes. */
  channel?: DataChannel;
}

/**
 * An attachment to janus.plugin.textroom, rooms whose members talk over data
 * channels:
 *
 * ```ts
 * const text = await session.attach(TextRoom);
 * const chat = await text.open();
 * const others = await chat.join({ room: 1234, username: "ann" });
 * await chat.message({ room: 1234, text: "hello" });
 * for await (const event of chat) {
 *   if (event.kind === "textroom.message") console.log(event.from, event.text);
 * }
 * ```
 *
 * https://janus.conf.meetecho.com/docs/textroom.html
 */
export class TextRoom extends Handle<TextRoomEvent> {
  static readonly plugin = gen.Plugin;
  /** The label a data channel must have to be answered. */
  static readonly label = gen.Label;
  /** @internal */
  static readonly attach = "textroom.attach";

  /** Manages the rooms of the gateway. */
  readonly rooms = new Rooms(this);

  /**
   * Connects to the rooms. A handle has one connection at a time. When it breaks,
   * or the session had to be rebuilt, the chat makes another by itself and joins
   * its rooms again: "textroom.rejoined" tells how that went for each. What is asked
   * meanwhile waits. Where it ends all the same, as `closed` of the chat says, the
   * next `open` joins the rooms.
   *
   * When it fails it hangs up, and can be tried again.
   */
  async open(options: OpenOptions = {}): Promise<Chat> {
    const { peer, channel, ...call } = options;
    const own = peer ? undefined : await this.newPeer();
    try {
      const over = peer ?? own!;
      const data = channel ?? (await over.openData(TextRoom.label));
      const ref = await this.ask<number>("textroom.open", undefined, [over, data], call);
      return this.runtime.adopt(ref, () => new Chat(this, ref, own));
    } catch (error) {
      await own?.close();
      throw error;
    }
  }
}
