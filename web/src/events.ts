import type { DataChannel } from "./channel.js";
import type { JanusError } from "./errors.js";
import type * as core from "./gen/client.js";
import type * as media from "./gen/media.js";
import type { ElementSink } from "./sink.js";
import type { Track } from "./track.js";

export type {
  Detached,
  Dropped,
  Hangup,
  ICEFailed,
  MediaState,
  PluginEvent,
  RemoteCandidate,
  SessionTimeout,
  SlowLink,
  WebRTCUp,
} from "./gen/client.js";

/** An event with other types in the place of some: errors and objects have classes of their own. */
type With<E, Parts> = Omit<E, keyof Parts> & Parts;

/** The session was rebuilt and has a new id, as the handle has. The peer connection is gone. */
export interface Resumed extends With<core.Resumed, { err?: JanusError }> {}

/** The connection was lost, and why. */
export interface Interrupted extends With<core.Interrupted, { err: JanusError }> {}

/** An error of the gateway that belongs to no request. */
export interface GatewayError extends With<core.GatewayError, { err: JanusError }> {}

/** A remote track sends its first packet. */
export interface TrackAdded extends With<media.TrackAdded, { track: Track }> {}

/** A remote track is gone. */
export interface TrackEnded extends With<media.TrackEnded, { track: Track }> {}

/** Nothing comes on a remote track any more, or something does again. Silence has to last 2.5 s to be news. */
export interface TrackMuted extends With<media.TrackMuted, { track: Track }> {}

/** The page may not play before its user clicks; then call `sink.play()`. */
export interface PlayBlocked extends With<media.PlayBlocked, { track: Track; sink: ElementSink; err: JanusError }> {}

/** The peer connection changed its state; `err` says why, when it failed or closed. */
export interface StateChanged extends With<media.StateChanged, { err?: JanusError }> {}

/** The other side opened a data channel. */
export interface DataOpened extends With<media.DataOpened, { channel: DataChannel }> {}

/**
 * What any handle may tell. Gateways add events: one of a kind that is not here
 * arrives as a `PluginEvent` under a kind of its own, with all of it in `raw`.
 */
export type HandleEvent =
  | core.WebRTCUp
  | core.MediaState
  | core.SlowLink
  | core.Hangup
  | core.ICEFailed
  | core.RemoteCandidate
  | core.Detached
  | core.SessionTimeout
  | Resumed
  | Interrupted
  | core.Dropped
  | GatewayError
  | core.PluginEvent
  | TrackAdded
  | TrackEnded
  | TrackMuted
  | PlayBlocked
  | StateChanged
  | DataOpened;

/** What a session may tell. */
export type SessionEvent = core.SessionTimeout | Resumed | Interrupted | core.Dropped | GatewayError | core.PluginEvent;
