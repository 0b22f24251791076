import { Adaptation, LayerAdaptation, type SetLayer } from "./adaptation.js";
import { DataChannel, type ChannelData } from "./channel.js";
import type { JanusError } from "./errors.js";
import { ended } from "./ended.js";
import type * as adapt from "./gen/adapt.js";
import type * as gen from "./gen/media.js";
import type { Handle } from "./handle.js";
import type { Kinded } from "./emitter.js";
import { Remote, type CallOptions, type Runtime } from "./runtime.js";
import { Sender, type SenderData } from "./sender.js";
import type { Source } from "./source.js";
import { Track, type TrackData } from "./track.js";
import type { DataOptions, JSEP, Kind, SendOptions } from "./types.js";

/** Settings of a peer connection. */
export interface PeerOptions extends CallOptions, gen.Options {
  /** Called for each sender and receiver; what it returns encrypts or decrypts the media end to end. */
  transform?: (target: gen.TransformTarget) => RTCRtpScriptTransform | undefined;
}

/** A snapshot of a peer connection. The counters only grow. Times are in milliseconds. */
export interface Stats extends Omit<gen.Stats, "raw"> {}

/**
 * The peer connection of one handle. It trickles both ways by itself, reports on
 * the handle's own stream, and closes when the gateway hangs up. `Handle.newPeer`
 * makes it, and `Room.publish`.
 */
export class Peer extends Remote implements AsyncDisposable {
  /** What it was made for, which has its events. The peers of a `Room` have none: the room has them. */
  readonly handle: Handle<Kinded> | undefined;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(runtime: Runtime, ref: number, handle?: Handle<Kinded>) {
    super(runtime, ref);
    this.handle = handle;
  }

  /** Sends a source, from the next offer or answer on. */
  async add(source: Source, options: SendOptions = {}): Promise<Sender> {
    return this.#sender(await this.ask("peer.add", options, [source]));
  }

  /** Adds an m-line that only receives, for the next offer. What the other side offers needs none. */
  receive(kind: Kind): Promise<void> {
    return this.ask("peer.receive", undefined, [kind]);
  }

  /** Opens a data channel. The first one has to be opened before the offer that is to carry it. */
  async openData(label: string, options: DataOptions = {}): Promise<DataChannel> {
    const data = await this.ask<ChannelData>("peer.data", options, [label]);
    return this.runtime.adopt(data.ref, () => new DataChannel(this.runtime, data));
  }

  /** Returns the counters. */
  stats(options?: CallOptions): Promise<Stats> {
    return this.ask("peer.stats", undefined, [], options);
  }

  /**
   * Begins to fit what is received on an m-line to the network, and to where it is shown: chooses
   * among the layers of simulcast, by losses, freezes and what the gateway says of the link.
   *
   * ```ts
   * await peer.adaptReceived(track.mid, (layer) => echo.configure(layer));
   * ```
   */
  async adaptReceived(mid: string, set: SetLayer, options: adapt.ReceiveOptions = {}): Promise<LayerAdaptation> {
    const ref = await this.ask<number>("peer.adaptReceived", options, [mid, set]);
    return this.runtime.adopt(ref, () => new LayerAdaptation(this.runtime, ref));
  }

  /**
   * Begins to fit the bitrate of what is sent to the network: 100 000 to 2 000 000 bits per second,
   * unless the options say otherwise. It needs a sender that was negotiated, and has no simulcast.
   */
  async adaptSent(sender: Sender, options: adapt.SendOptions = {}): Promise<Adaptation> {
    const ref = await this.ask<number>("peer.adaptSent", options, [sender]);
    return this.runtime.adopt(ref, () => new Adaptation(this.runtime, ref));
  }

  /** Returns what is being sent. */
  async senders(): Promise<Sender[]> {
    return (await this.ask<SenderData[]>("peer.senders")).map((data) => this.#sender(data));
  }

  /** Returns the remote tracks there are. */
  async tracks(): Promise<Track[]> {
    return (await this.ask<TrackData[]>("peer.tracks")).map((data) => this.runtime.adopt(data.ref, () => new Track(this.runtime, data)));
  }

  #sender(data: SenderData): Sender {
    return this.runtime.adopt(data.ref, () => new Sender(this.runtime, data));
  }

  /** Makes an offer, with new ICE credentials if `restart` is true. Plugins' own methods do it by themselves. */
  offer(options: CallOptions & { restart?: boolean } = {}): Promise<JSEP> {
    const { restart = false, ...call } = options;
    return this.ask("peer.offer", undefined, [restart], call);
  }

  /** Takes an offer and makes the answer to it. */
  answer(offer: JSEP, options?: CallOptions): Promise<JSEP> {
    return this.ask("peer.answer", offer, [], options);
  }

  /** Takes the answer to the last offer. */
  accept(answer: JSEP, options?: CallOptions): Promise<void> {
    return this.ask("peer.accept", answer, [], options);
  }

  /** Returns the browser's own connection. Use it for what this package lacks; do not close it. */
  native(): Promise<RTCPeerConnection> {
    return this.ask("peer.native");
  }

  /** Settles when the peer has closed: with nothing after `close`, else with the reason, such as the gateway's hangup. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "peer.done"));
  }

  /** Ends the connection. It does not tell the gateway, which notices by itself. */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("peer.close");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
