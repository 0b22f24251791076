import type { JanusError } from "../errors.js";
import type { HandleEvent } from "../events.js";
import * as gen from "../gen/videocall.js";
import { Handle } from "../handle.js";
import type { Peer } from "../peer.js";
import type { CallOptions } from "../runtime.js";
import type { JSEP } from "../types.js";

export { Codes } from "../gen/videocall.js";
export type { Config, Ended, LayerChanged, SlowLink } from "../gen/videocall.js";

/** Somebody calls: `accept` or `decline` it. */
export interface Incoming extends gen.Incoming {
  jsep: JSEP;
}

/**
 * Our call was accepted. The peer has the answer already; `err` says what it
 * thought of it, such as a codec that was refused.
 */
export interface Accepted extends Omit<gen.Accepted, "err"> {
  jsep: JSEP;
  err?: JanusError;
}

/**
 * The call was renegotiated: an offer of the other side was answered, or they
 * answered ours. `err` says what went wrong with that; the call goes on as it was
 * then. Of kind "state": both sides offered at once, and the other's is made again.
 */
export interface Updated extends Omit<gen.Updated, "err"> {
  jsep: JSEP;
  err?: JanusError;
}

/** A refusal nobody waits for: its request was given up, or sent with `send`. */
export interface Refused extends Omit<gen.Error, "err"> {
  err: JanusError;
}

/**
 * Our name was registered again, some time after the "resumed" whose `err` said
 * that somebody had it. With `err` it was not, and will not be.
 */
export interface Registered extends Omit<gen.Registered, "err"> {
  err?: JanusError;
}

/**
 * The session was claimed after the connection was lost, and the gateway was asked
 * what is left. `over`: the call had ended; `registered`: our name had been lost.
 */
export interface Resynced extends Omit<gen.Resynced, "err"> {
  err?: JanusError;
}

/** What a handle of the video call may tell. */
export type VideoCallEvent =
  | HandleEvent
  | Incoming
  | Accepted
  | Updated
  | gen.Ended
  | Registered
  | Resynced
  | gen.LayerChanged
  | gen.SlowLink
  | Refused;

/** Settings of what ends a call. */
export interface EndOptions extends CallOptions {
  /** What the other side is told. Default: Janus says "We did the hangup". */
  reason?: string;
}

/**
 * An attachment to janus.plugin.videocall: one user of the gateway, who calls
 * others by their names and has one call at a time.
 *
 * ```ts
 * const ann = await session.attach(VideoCall);
 * await ann.register("ann");
 * const peer = await ann.newPeer();
 * for (const source of sources) await peer.add(source);
 * await ann.call("bob", peer);
 * for await (const event of ann) {
 *   if (event.kind === "media.track") await event.track.attach(screen);
 *   if (event.kind === "hangup") break;
 * }
 * ```
 *
 * On the other side the loop has `if (event.kind === "videocall.incoming") await
 * bob.accept(event, peer)`.
 *
 * Descriptions of the other side come as events, so they have to be read, by a
 * loop or a listener, for a call to come about and to be renegotiated.
 *
 * https://janus.conf.meetecho.com/docs/videocall.html
 */
export class VideoCall extends Handle<VideoCallEvent> {
  static readonly plugin = gen.Plugin;
  /** @internal */
  static readonly attach = "videocall.attach";

  /** Lists the names that are registered. */
  list(options?: CallOptions): Promise<string[]> {
    return this.ask("videocall.list", undefined, [], options);
  }

  /**
   * Takes a name, by which the others call. It is kept until the handle is
   * detached, and taken again when the session is rebuilt.
   */
  register(username: string, options?: CallOptions): Promise<void> {
    return this.ask("videocall.register", { username }, [], options);
  }

  /**
   * Calls somebody: takes an offer from the peer and returns when the other side
   * has it. "videocall.accepted" says that they accepted, and the peer has the
   * answer by then; "videocall.ended" that they did not. Somebody in another call
   * gives an error of kind "busy", a name that nobody has `Codes.ErrNoSuchUsername`.
   *
   * When it fails it hangs up, and a new peer can try again.
   */
  call(username: string, peer: Peer, options?: CallOptions): Promise<void> {
    return this.ask("videocall.call", { username }, [peer], options);
  }

  /**
   * Accepts a call, with an answer of the peer; also in the loop that got the
   * event. A call that its caller gave up gives `Codes.ErrNoCall`. When the peer
   * makes no answer, the call rings on.
   */
  accept({ username, jsep }: Incoming, peer: Peer, options?: CallOptions): Promise<void> {
    return this.ask("videocall.accept", { username, jsep }, [peer], options);
  }

  /** Ends a call that rings here, and waits until the gateway has confirmed it. */
  decline(options: EndOptions = {}): Promise<void> {
    const { reason, ...call } = options;
    return this.ask("videocall.decline", { reason }, [], call);
  }

  /** Ends the call, ringing or running, and waits until the gateway has confirmed it. Without a call it does nothing. */
  end(options: EndOptions = {}): Promise<void> {
    const { reason, ...call } = options;
    return this.ask("videocall.end", { reason }, [], call);
  }

  /** Changes one's side of a call, or of the next one. */
  set(config: gen.Config, options?: CallOptions): Promise<void> {
    return this.ask("videocall.set", config, [], options);
  }

  /**
   * Makes a new offer, after tracks were added to the peer or removed. It returns
   * when the offer is on its way; "videocall.updated" says that it was answered.
   */
  renegotiate(options?: CallOptions): Promise<void> {
    return this.ask("videocall.renegotiate", undefined, [], options);
  }

  /** Renegotiates with new ICE credentials, which finds a new way from here to the gateway. */
  restart(options?: CallOptions): Promise<void> {
    return this.ask("videocall.restart", undefined, [], options);
  }
}
