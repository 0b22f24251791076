import { arrived, type Crossed } from "./arrived.js";
import { Emitter, type Kinded } from "./emitter.js";
import { ended } from "./ended.js";
import type { JanusError } from "./errors.js";
import type { HandleEvent } from "./events.js";
import { Peer, type PeerOptions } from "./peer.js";
import type { CallOptions } from "./runtime.js";
import type { Session } from "./session.js";
import type { Candidate, JSEP } from "./types.js";

/** @internal What the program tells about a new handle. */
export interface Attached {
  ref: number;
  id: number;
  plugin: string;
}

/** Settings of a request to a plugin. */
export interface RequestOptions extends CallOptions {
  /** A session description to go with it. */
  jsep?: JSEP;
}

/** A plugin's answer. */
export interface Response<T = unknown> {
  /** The plugin's own part. */
  data: T;
  jsep?: JSEP;
  /** Whether it came as an event, not as the synchronous reply. */
  async: boolean;
}

/**
 * One attachment of a session to a plugin: `Handle` itself for any plugin, its
 * subclasses for those that have types.
 */
export class Handle<E extends Kinded = HandleEvent> extends Emitter<E> implements AsyncDisposable {
  /** The session it belongs to. */
  readonly session: Session;
  /** The package name of the plugin. */
  readonly plugin: string;
  #id: number;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(session: Session, attached: Attached) {
    super(session.runtime, attached.ref);
    this.session = session;
    this.plugin = attached.plugin;
    this.#id = attached.id;
  }

  /** The gateway's id. It is another one after a "resumed" event that says `rebuilt`. */
  get id(): number {
    return this.#id;
  }

  /** @internal */
  protected override async pull(options?: CallOptions): Promise<E> {
    const event = await this.ask<E & Crossed & { handle?: number }>("handle.next", undefined, [], options);
    if (event.handle) this.#id = event.handle;
    return arrived(this.runtime, event);
  }

  /**
   * Sends a message and returns the plugin's answer: the synchronous reply, or
   * the event that belongs to it. A refusal is a {@link JanusError} of kind
   * "plugin". Messages a plugin never answers are for `send`.
   */
  request<T = unknown>(body: object, options: RequestOptions = {}): Promise<Response<T>> {
    const { jsep, ...call } = options;
    return this.ask("handle.request", { body, jsep }, [], call);
  }

  /** Sends a message and returns once the gateway has accepted it. */
  send(body: object, options: RequestOptions = {}): Promise<void> {
    const { jsep, ...call } = options;
    return this.ask("handle.send", { body, jsep }, [], call);
  }

  /** Sends candidates, for those who negotiate without a {@link Peer}; none: there are no more. */
  trickle(candidates: Candidate[], options?: CallOptions): Promise<void> {
    return this.ask("handle.trickle", candidates, [], options);
  }

  /** Makes a peer connection for this handle. */
  async newPeer(options: PeerOptions = {}): Promise<Peer> {
    const { transform, ...settings } = options;
    const ref = await this.ask<number>("handle.peer", settings, [transform]);
    return this.runtime.adopt(ref, () => new Peer(this.runtime, ref, this));
  }

  /** Ends the peer connection, keeps the handle, and waits until a "hangup" event has confirmed it. */
  hangup(options?: CallOptions): Promise<void> {
    return this.ask("handle.hangup", undefined, [], options);
  }

  /** Settles when the handle is gone: with nothing after `detach`, else with the reason. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "handle.done"));
  }

  /** Ends the handle and its peer connection. One that is gone already is no error. */
  async detach(options?: CallOptions): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("handle.detach", undefined, [], options);
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }
}
