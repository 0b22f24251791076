import type { JanusError } from "../../errors.js";
import type { HandleEvent } from "../../events.js";
import type * as gen from "../../gen/videoroom.js";
import type { Track } from "../../track.js";
import type { ID } from "../../types.js";

/** Somebody who publishes. */
export interface Feed extends Omit<gen.Feed, "streams"> {
  streams: gen.Stream[];
}

/** What there is to know on entering a room. */
export interface JoinReply extends Omit<gen.JoinReply, "publishers" | "attendees"> {
  publishers: Feed[];
  /** Who does not publish. All of them are known only in a room with `notify_joining`. */
  attendees: gen.Attendee[];
}

/**
 * Feeds are there, or have other m-lines than before: a feed replaces what was
 * known of it. It comes when the publisher's connection is up.
 */
export interface Published extends Omit<gen.Published, "feeds"> {
  feeds: Feed[];
}

/** Somebody left the room: we ourselves when `own` is set, and then `reason` says why. */
export interface Left extends Omit<gen.Left, "feed"> {
  /** Nothing when it is ourselves. */
  feed?: ID;
}

/**
 * An offer of the gateway could not be answered, or a {@link Room} could not
 * subscribe. With `feed` that was refused; the room tries again when it publishes
 * anew, or when something else is wanted.
 */
export interface SubscriptionFailed extends Omit<gen.SubscriptionFailed, "feed" | "err"> {
  feed?: ID;
  err: JanusError;
}

/** A {@link Room} could not publish again after the connection was lost. It goes on trying. */
export interface PublicationFailed extends Omit<gen.PublicationFailed, "err"> {
  err: JanusError;
}

/** A refusal nobody waits for: its request was given up, or sent with `send`. */
export interface Refused extends Omit<gen.Error, "err"> {
  err: JanusError;
}

/** What only a video room tells. */
type Own =
  | Published
  | gen.Unpublished
  | gen.Joined
  | Left
  | gen.Kicked
  | gen.Moderated
  | gen.Changed
  | gen.Talking
  | gen.SlowLink
  | gen.LayerChanged
  | gen.Updated
  | SubscriptionFailed
  | PublicationFailed
  | gen.Ghost
  | gen.Resynced
  | gen.Destroyed
  | Refused;

/** What a handle of the video room may tell. */
export type VideoRoomEvent = HandleEvent | Own;

/** An event about a remote track, with the feed it comes from: nothing when that is gone already. */
export type OfFeed<E> = E extends { track: Track } ? E & { feed: ID | undefined } : E;

/** What a {@link Room} may tell: the events of both its connections, in the order they came. */
export type RoomEvent = OfFeed<HandleEvent> | Own;

/** @internal Makes of an event what its type says. */
export function typed<E extends { kind: string }>(event: E): E {
  const { feed, feeds } = event as { feed?: ID | null; feeds?: gen.Feed[] };
  if (feed === null) delete (event as { feed?: ID }).feed;
  return feeds ? { ...event, feeds: whole(feeds) } : event;
}

/** @internal The same without the lists that are not there: gateways before 1.0 send no streams. */
export function whole(feeds: gen.Feed[] | null | undefined): Feed[] {
  return (feeds ?? []).map((feed) => ({ ...feed, streams: feed.streams ?? [] }));
}
