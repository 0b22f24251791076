import { arrived, type Crossed } from "../../arrived.js";
import { Emitter } from "../../emitter.js";
import { ended } from "../../ended.js";
import type { JanusError } from "../../errors.js";
import type * as gen from "../../gen/videoroom.js";
import { Peer, type PeerOptions } from "../../peer.js";
import type { CallOptions } from "../../runtime.js";
import type { Session } from "../../session.js";
import { Source } from "../../source.js";
import type { Track } from "../../track.js";
import type { ID, SendOptions } from "../../types.js";
import { typed, whole, type Feed, type RoomEvent } from "./events.js";

/** Says how to be in a room: who we are there, and what to receive. */
export interface RoomOptions extends CallOptions, gen.JoinRequest {
  /** What to receive at first; see {@link Room.want}. Default: nothing. */
  wanted?: gen.Wanted;
  /** Settings of the room's peer connections, the one that sends and the one that receives. */
  peer?: Omit<PeerOptions, keyof CallOptions>;
  /** Names the streams of remote tracks by feed and m-line. Default: false. */
  useMsid?: boolean;
  /** How many events are kept for a reader that is late. Default: 1024. */
  eventBuffer?: number;
}

/** A source to publish, and how it is sent. */
export interface Sending extends SendOptions {
  source: Source;
}

/** What to publish. */
export interface PublishOptions extends CallOptions {
  /** They stay the caller's, who closes them. */
  sources: (Source | Sending)[];
}

/** What the program knows of the room. */
interface State {
  id: ID;
  self: ID;
  feeds: Feed[];
  attendees: gen.Attendee[];
  speakers: ID[];
  streams: gen.SubscriberStream[];
}

/** A state as it crosses: without what is empty. */
type Sparse = Pick<State, "id" | "self"> & { [K in "feeds" | "attendees" | "speakers" | "streams"]?: State[K] | null };

/** What a call returns, with the state if that has changed. */
interface Told<T> {
  /** Grows with every change: calls overtake each other. */
  version: number;
  state?: Sparse;
  value?: T;
}

/**
 * Somebody's presence in a room. It knows who is there, publishes, and receives
 * what is wanted over one connection:
 *
 * ```ts
 * const room = await Room.join(session, { room: 1234, display: "Ann", wanted: { all: true } });
 * await room.publish({ bitrate: 512_000 }, { sources });
 * for await (const event of room) {
 *   switch (event.kind) {
 *     case "media.track":
 *       await event.track.attach(await bifrons.element(tile(event.feed)));
 *       break;
 *     case "videoroom.left":
 *       tile(event.feed).remove();
 *   }
 * }
 * ```
 *
 * What was declared it keeps true, as feeds come and go, when a connection is
 * lost, and when the gateway gave the session up and it was rebuilt: it publishes
 * the same sources again and receives the same feeds.
 *
 * `feeds`, `attendees`, `speakers`, `streams` and `tracks` are as of the last event
 * that was read or the last call that has returned, whichever is later. A loop or
 * a listener keeps them fresh.
 *
 * A loop over the room ends when it was left, when we were kicked out, and when it
 * was destroyed; `closed` says which.
 */
export class Room extends Emitter<RoomEvent> implements AsyncDisposable {
  /** The session it belongs to. */
  readonly session: Session;
  #state: State;
  #version: number;
  #peer: Peer | undefined;
  readonly #tracks = new Map<Track, ID | undefined>();
  #closed: Promise<JanusError | undefined> | undefined;

  private constructor(session: Session, { value, version, state }: Told<number>) {
    super(session.runtime, value!);
    this.session = session;
    this.#version = version;
    this.#state = filled(state!);
  }

  /**
   * Enters a room. Whoever does not publish is the audience. Refusals are of kind
   * "plugin", e.g. with `Codes.ErrNoSuchRoom` or `Codes.ErrUnauthorized`.
   */
  static async join(session: Session, options: RoomOptions): Promise<Room> {
    const { wanted, peer = {}, useMsid, eventBuffer, signal, timeoutMs, ...join } = options;
    const { transform, ...settings } = peer;
    const body = { join, wanted, useMsid, eventBuffer, peer: settings };
    const told = await session.ask<Told<number>>("room.join", body, [transform], { signal, timeoutMs });
    return session.runtime.adopt(told.value!, () => new Room(session, told));
  }

  /** The id of the room. */
  get id(): ID {
    return this.#state.id;
  }

  /** Our id in the room, which is that of our feed. */
  get self(): ID {
    return this.#state.self;
  }

  /** Who publishes, without ourselves, in the order they appeared. */
  get feeds(): Feed[] {
    return this.#state.feeds;
  }

  /** Those who are known not to publish. The gateway tells of all of them only in a room with `notify_joining`. */
  get attendees(): gen.Attendee[] {
    return this.#state.attendees;
  }

  /** The feeds that spoke, the one that began last first. The room must have `audiolevel_event`. */
  get speakers(): ID[] {
    return this.#state.speakers;
  }

  /** The m-lines on which we receive, those without media included. */
  get streams(): gen.SubscriberStream[] {
    return this.#state.streams;
  }

  /** What comes on the m-line of a {@link Track}; nothing when there is none. It is known when the track's event comes. */
  stream(mid: string): gen.SubscriberStream | undefined {
    return this.streams.find((stream) => stream.mid === mid);
  }

  /**
   * The remote tracks there are, of one feed or of all. An m-line carries one feed
   * after another: after `switch` the same track is another feed's.
   */
  tracks(feed?: ID): Track[] {
    const all = [...this.#tracks.keys()];
    return feed === undefined ? all : all.filter((track) => this.#feed(track) === feed);
  }

  #feed(track: Track): ID | undefined {
    const stream = this.stream(track.mid);
    return stream?.active ? stream.feed_id : undefined;
  }

  /** @internal */
  protected override async pull(): Promise<RoomEvent> {
    const told = await this.ask<Told<Crossed>>("room.next");
    const event = typed(arrived(this.runtime, told.value!) as RoomEvent);
    this.#take(told);
    if ("track" in event) {
      event.feed = this.#feed(event.track);
      if (event.kind === "media.track") this.#tracks.set(event.track, event.feed);
      if (event.kind === "media.ended") {
        event.feed = this.#tracks.get(event.track); // the m-line may have another by now
        this.#tracks.delete(event.track);
      }
    }
    return event;
  }

  #take({ version, state }: Told<unknown>): void {
    if (!state || version <= this.#version) return;
    this.#version = version;
    this.#state = filled(state);
    for (const track of this.#tracks.keys()) {
      const feed = this.#feed(track);
      if (feed !== undefined) this.#tracks.set(track, feed);
    }
  }

  async #do<T = void>(op: string, body?: object, values?: unknown[], options?: CallOptions): Promise<T> {
    const told = await this.ask<Told<T>>(op, body, values, options);
    this.#take(told);
    return told.value as T;
  }

  /**
   * Publishes sources, and keeps doing so: when the connection is lost or the
   * session rebuilt, the room publishes again what is being sent then, and reports
   * "videoroom.publication_failed" for each try that fails. The peer and its
   * senders stay the same objects meanwhile. `peer.add` and `peer.openData` send
   * more, after `renegotiate`; `peer.close` is `unpublish`. A data channel ends with
   * its connection: open another when it has closed. Those who receive get one in a
   * "media.data" event with the first message, and its label is the id of our feed.
   *
   * When `publish` itself fails, nothing is declared. A room with enough publishers
   * gives `Codes.ErrPublishersFull`.
   */
  async publish(request: gen.PublishRequest, options: PublishOptions): Promise<Peer> {
    const { sources, ...call } = options;
    const sendings = sources.map((each): Sending => (each instanceof Source ? { source: each } : each));
    const body = { request, send: sendings.map(({ source: _, ...send }) => send) };
    const ref = await this.#do<number>("room.publish", body, sendings.map(({ source }) => source), call);
    return (this.#peer = this.runtime.adopt(ref, () => new Peer(this.runtime, ref)));
  }

  /** What `publish` returned; nothing while we do not publish. */
  get peer(): Peer | undefined {
    return this.#peer && this.#peer.hold.count > 0 ? this.#peer : undefined;
  }

  /** Changes how we publish, now and when the room publishes again. */
  configure(request: gen.PublishRequest, options?: CallOptions): Promise<void> {
    return this.#do("room.configure", { request }, [], options);
  }

  /** Makes a new offer, after tracks were added to the peer or removed. */
  renegotiate(options?: CallOptions): Promise<gen.PublishReply> {
    return this.#do("room.renegotiate", undefined, [], options);
  }

  /** Stops publishing and stays in the room. */
  async unpublish(options?: CallOptions): Promise<void> {
    const { peer } = this;
    void peer?.closed;
    await this.#do("room.unpublish", undefined, [], options);
    if (peer) this.runtime.drop(peer);
  }

  /** Declares which streams to receive, in the place of what was declared before. `sync` waits until it is so. */
  want(wanted: gen.Wanted): Promise<void> {
    return this.#do("room.want", { wanted });
  }

  /**
   * Declares how the streams of a feed are relayed to us: which layer, or nothing
   * for now. What is set counts until it is set again, also for a feed that is not
   * received yet. Layers concern video alone. `sync` waits until it is so.
   */
  tune(feed: ID, relay: gen.Relay): Promise<void> {
    return this.#do("room.tune", { feed, relay });
  }

  /** Has the gateway relay nothing to us until `resume`. */
  pause(): Promise<void> {
    return this.#do("room.pause");
  }

  /** Ends a pause. */
  resume(): Promise<void> {
    return this.#do("room.resume");
  }

  /**
   * Puts one feed in the place of another among `wanted.feeds`, on the same tracks
   * where they are of one kind, which needs no negotiation unless a codec changes.
   */
  switch(from: ID, to: ID, options?: CallOptions): Promise<void> {
    return this.#do("room.switch", { from, to }, [], options);
  }

  /** Waits until everything is as declared. If the gateway refused feeds, that is the error. */
  sync(options?: CallOptions): Promise<void> {
    return this.#do("room.sync", undefined, [], options);
  }

  /** Removes somebody from the room, which needs its `secret` in the options of `join`. */
  kick(id: ID, options?: CallOptions): Promise<void> {
    return this.#do("room.kick", { id }, [], options);
  }

  /** Has the gateway relay nothing of an m-line of a feed, or relay it again. It needs the secret as `kick` does. */
  moderate(feed: ID, mid: string, mute: boolean, options?: CallOptions): Promise<void> {
    return this.#do("room.moderate", { feed, mid, mute }, [], options);
  }

  /** Returns the connection that receives, for its statistics; nothing while there is none. It is another one after it was lost. */
  async receiver(): Promise<Peer | undefined> {
    const ref = await this.#do<number | undefined>("room.receiver");
    return ref === undefined ? undefined : this.runtime.adopt(ref, () => new Peer(this.runtime, ref));
  }

  /** Settles when the room has ended: with nothing after `leave`, else with the reason, of kind "kicked", "destroyed" or what ended the session. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "room.done"));
  }

  /**
   * Leaves the room and waits until everything of it has ended, for which a
   * gateway that says nothing is given some seconds. A room that has ended is no
   * error.
   */
  async leave(options?: CallOptions): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    const { peer } = this;
    void peer?.closed;
    await this.ask("room.leave", undefined, [], options);
    if (peer) this.runtime.drop(peer);
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }
}

function filled(state: Sparse): State {
  const { id, self, feeds, attendees, speakers, streams } = state;
  return { id, self, feeds: whole(feeds), attendees: attendees ?? [], speakers: speakers ?? [], streams: streams ?? [] };
}
