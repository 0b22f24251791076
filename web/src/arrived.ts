import { DataChannel, type ChannelData } from "./channel.js";
import { JanusError } from "./errors.js";
import type { Runtime } from "./runtime.js";
import { ElementSink } from "./sink.js";
import { Track, type TrackData } from "./track.js";

/** @internal What of an event crosses as data, and is an object in the page. */
export interface Crossed {
  err?: unknown;
  track?: unknown;
  sink?: unknown;
  channel?: unknown;
}

/** @internal Puts the objects of an event in the place of their references. */
export function arrived<E extends Crossed>(runtime: Runtime, event: E): E {
  const { err, track, sink, channel } = event as { err?: object; track?: TrackData; sink?: number; channel?: ChannelData };
  if (err) event.err = JanusError.from(err);
  if (track) event.track = runtime.adopt(track.ref, () => new Track(runtime, track));
  if (sink) event.sink = runtime.adopt(sink, () => new ElementSink(runtime, sink));
  if (channel) event.channel = runtime.adopt(channel.ref, () => new DataChannel(runtime, channel));
  return event;
}
