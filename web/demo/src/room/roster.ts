import type { ID, Stats, StreamStats } from "bifrons";
import type { Feed, Room, RoomEvent, Stream, SubscriberStream } from "bifrons/plugins/videoroom";
import { loudness } from "../loudness.js";
import { keyOf, type Person } from "./person.js";
import type { Stay } from "./stay.js";

/** The level of sound from which somebody counts as talking, in rooms that do not tell. */
const loud = 0.03;

/** For how many looks nothing has to come until that is called a pause. */
const patience = 2;

/** Who is in the room and what they do, put together from what the gateway tells and what comes. */
export class Roster {
  readonly #stay: Stay;
  /** Who talks, as the gateway says. */
  readonly #talking = new Set<string>();
  /** Who is loud enough, as the statistics say. */
  readonly #loud = new Set<string>();
  /** What came on each m-line, and for how many looks there was no more of it. */
  readonly #packets = new Map<string, { last: StreamStats; still: number }>();
  readonly #paused = new Set<string>();
  readonly #wanted = new Map<string, number>();
  readonly #moderated = new Map<string, boolean>();
  /** The layers that the gateway told of, by the m-line on which they come. */
  readonly #layers = new Map<string, number>();

  constructor(stay: Stay) {
    this.#stay = stay;
  }

  /** Learns from an event. */
  learn(event: RoomEvent): void {
    switch (event.kind) {
      case "videoroom.talking":
        if (event.talking) this.#talking.add(keyOf(event.feed));
        else this.#talking.delete(keyOf(event.feed));
        break;
      case "videoroom.moderated":
        this.#moderated.set(`${keyOf(event.feed)} ${event.mid}`, event.muted);
        break;
      case "videoroom.unpublished":
        this.#talking.delete(keyOf(event.feed));
        break;
      case "videoroom.layer_changed":
        if (event.substream !== undefined) this.#layers.set(event.mid, event.substream);
        break;
      case "media.ended":
        this.#packets.delete(event.track.mid);
        this.#layers.delete(event.track.mid);
        break;
    }
  }

  /** Learns from the statistics of what is received, about once a second: nobody tells that a sound or a picture pauses. */
  hear(stats: Stats): void {
    this.#loud.clear();
    for (const last of stats.streams) {
      const { sent, kind, mid, packets } = last;
      if (sent) continue;
      const before = this.#packets.get(mid);
      const still = before?.last.packets === packets ? before.still + 1 : 0;
      this.#packets.set(mid, { last, still });
      const talks = kind === "audio" && still === 0 && loudness(last, before?.last) > loud;
      const feed = talks ? this.#room.stream(mid)?.feed_id : undefined;
      if (feed !== undefined) this.#loud.add(keyOf(feed));
    }
  }

  /** Remembers what we asked for. */
  paused(id: ID, paused: boolean): void {
    if (paused) this.#paused.add(keyOf(id));
    else this.#paused.delete(keyOf(id));
  }

  /** Remembers the layer that we asked for. */
  wanted(id: ID, layer: number): void {
    this.#wanted.set(keyOf(id), layer);
  }

  get #room(): Room {
    return this.#stay.room;
  }

  /** Everybody, ourselves first. */
  people(): Person[] {
    const { feeds, attendees, self } = this.#room;
    const watching = attendees.filter(({ id }) => id !== self && !feeds.some((feed) => feed.id === id));
    return [this.#own(), ...feeds.map((feed) => this.#other(feed)), ...watching.map(({ id, display }) => this.#watcher(id, display))];
  }

  #own(): Person {
    const { room, entry } = this.#stay;
    return {
      ...this.#watcher(room.self, entry.display),
      own: true,
      publishes: room.peer !== undefined,
      talking: this.#talking.has(keyOf(room.self)),
      muted: this.#stay.muted("audio"),
      hidden: this.#stay.muted("video"),
      shares: this.#stay.shares,
      moderated: { audio: this.#moderatedOwn("audio"), video: this.#moderatedOwn("video") },
    };
  }

  #moderatedOwn(kind: "audio" | "video"): boolean {
    return this.#moderated.get(`${keyOf(this.#room.self)} ${this.#stay.mid(kind)}`) ?? false;
  }

  #other(feed: Feed): Person {
    const key = keyOf(feed.id);
    const [video] = feed.streams.filter(({ type }) => type === "video");
    const moderated = (kind: Stream["type"]) =>
      feed.streams.some(({ type, mid, moderated }) => type === kind && (this.#moderated.get(`${key} ${mid}`) ?? moderated ?? false));
    return {
      ...this.#watcher(feed.id, feed.display),
      publishes: feed.streams.some(({ disabled }) => !disabled),
      talking: this.#talking.has(key) || this.#loud.has(key),
      muted: this.#without(feed, "audio"),
      hidden: this.#without(feed, "video"),
      shares: places(feed).length > 1,
      paused: this.#paused.has(key),
      moderated: { audio: moderated("audio"), video: moderated("video") },
      layer: video?.simulcast ? this.#layer(feed.id, video.mid) : undefined,
    };
  }

  #watcher(id: ID, name = ""): Person {
    const moderated = { audio: false, video: false };
    const nothing = { own: false, publishes: false, talking: false, muted: false, hidden: false, shares: false, moderated, layer: undefined };
    const key = keyOf(id);
    return { id, name: name || `Somebody (${id})`, ...nothing, paused: this.#paused.has(key), wanted: this.#wanted.get(key) ?? 2 };
  }

  /** Whether nothing of a kind comes, by no doing of ours. */
  #without(feed: Feed, kind: "audio" | "video"): boolean {
    const first = feed.streams.find(({ type }) => type === kind);
    if (!first || first.disabled) return true;
    const { mid = "" } = this.#stream(feed.id, first.mid) ?? {};
    return (this.#packets.get(mid)?.still ?? 0) >= patience && !this.#paused.has(keyOf(feed.id));
  }

  /** The m-line on which one of a feed comes. */
  #stream(feed: ID, mid: string): SubscriberStream | undefined {
    return this.#room.streams.find(({ feed_id, feed_mid }) => feed_id === feed && feed_mid === mid);
  }

  /** The layer that is relayed; before the first one, what we asked for. */
  #layer(feed: ID, mid: string): number {
    const stream = this.#stream(feed, mid);
    const layer = this.#layers.get(stream?.mid ?? "") ?? stream?.simulcast?.substream ?? -1;
    return layer < 0 ? (this.#wanted.get(keyOf(feed)) ?? 2) : layer;
  }
}

/**
 * The places of a feed in the grid: 0 is the person, whose picture comes first,
 * and each further picture has one of its own.
 */
export function places(feed: Feed): number[] {
  const videos = feed.streams.filter(({ type }) => type === "video");
  return [0, ...videos.keys()].filter((place, i) => i === 0 || (place > 0 && !videos[place]!.disabled));
}

/** The place that an m-line of a feed belongs to: sounds go with the picture of the same rank. */
export function placeOf(feed: Feed, mid: string): number {
  const kind = feed.streams.find((stream) => stream.mid === mid)?.type;
  const rank = feed.streams.filter(({ type }) => type === kind).findIndex((stream) => stream.mid === mid);
  return Math.max(0, rank);
}
