import type { CallOptions, ID, Kind, Peer, Sender, Source } from "bifrons";
import { Room } from "bifrons/plugins/videoroom";
import type { Line } from "../shell/connection.js";

/** Which room, and as whom. */
export interface Entry {
  readonly room: ID;
  readonly display: string;
  readonly pin: string;
  /** For those who look after the room; empty: we do not. */
  readonly secret: string;
}

const wait = { timeoutMs: 10_000 };

/** Our stay in a room, from joining to leaving. */
export class Stay {
  readonly line: Line;
  readonly room: Room;
  readonly entry: Entry;
  #senders: Partial<Record<Kind, Sender>> = {};
  #screen: Sender | undefined;
  #muted: Record<Kind, boolean> = { audio: false, video: false };
  #mids: Partial<Record<Kind, string>> = {};

  private constructor(line: Line, room: Room, entry: Entry) {
    this.line = line;
    this.room = room;
    this.entry = entry;
  }

  /** Joins as the audience: whoever publishes nothing is that. When it fails, the line is released. */
  static async enter(line: Line, entry: Entry, signal: AbortSignal): Promise<Stay> {
    try {
      const { room, display, pin, secret } = entry;
      const who = { room, display, ...(pin && { pin }), ...(secret && { secret }) };
      return new Stay(line, await Room.join(line.session, { ...who, wanted: { all: true }, signal, ...wait }), entry);
    } catch (error) {
      await line.release();
      throw error;
    }
  }

  /** Sends sources, until they are closed or we leave. */
  async publish(sources: readonly Source[], simulcast: boolean, call: CallOptions): Promise<Peer> {
    const sendings = sources.map((source) => ({ source, simulcast: simulcast && source.kind === "video" }));
    const peer = await this.room.publish({}, { sources: sendings, ...call, ...wait });
    for (const sender of await peer.senders()) {
      this.#senders[sender.kind] = sender;
      this.#mids[sender.kind] = await sender.mid();
    }
    return peer;
  }

  /** Whether something of a kind is being sent. */
  sends(kind: Kind): boolean {
    return this.#senders[kind] !== undefined;
  }

  /** The m-line on which a kind is sent, if one is. */
  mid(kind: Kind): string | undefined {
    return this.#mids[kind];
  }

  muted(kind: Kind): boolean {
    return this.#muted[kind];
  }

  /** Nothing of it leaves the page, and the gateway tells nobody that silence is a sound. */
  async mute(kind: Kind, muted: boolean): Promise<void> {
    const sender = this.#senders[kind];
    if (!sender) return;
    await sender.mute(muted);
    const mid = this.#mids[kind];
    if (mid) await this.room.configure({ streams: [{ mid, send: !muted, keyframe: !muted && kind === "video" }] }, wait);
    this.#muted[kind] = muted;
  }

  /** Sends another source of a kind, or none. */
  async replace(kind: Kind, source: Source | undefined): Promise<void> {
    const sender = this.#senders[kind];
    await sender?.replace(source);
    if (this.#muted[kind]) await sender?.mute(true);
  }

  /** Whether a screen is sent beside the rest. */
  get shares(): boolean {
    return this.#screen !== undefined;
  }

  /** Sends a screen beside the rest, as another m-line of the same feed. */
  async share(source: Source): Promise<void> {
    const { peer } = this.room;
    if (!peer) {
      const made = await this.room.publish({}, { sources: [source], ...wait });
      [this.#screen] = await made.senders();
      return;
    }
    const sender = await peer.add(source);
    await this.room.renegotiate(wait);
    this.#screen = sender;
  }

  /** Takes the screen away. */
  async unshare(): Promise<void> {
    const sender = this.#screen;
    this.#screen = undefined;
    if (!sender || !this.room.peer) return;
    await sender.remove();
    await this.room.renegotiate(wait);
  }

  /** Ends it. What is gone already is no error. */
  async leave(): Promise<void> {
    await this.room.leave({ timeoutMs: 5000 }).catch(() => {}); // it ends with the session at the latest
    await this.line.release();
  }
}
