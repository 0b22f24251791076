import type { ID } from "bifrons";
import type { RoomEvent } from "bifrons/plugins/videoroom";
import { bits, describe, layers, type Told } from "../describe.js";

/** Says what an event of a room means. `name` gives the name of somebody. */
export function describeRoom(event: RoomEvent, name: (id: ID | undefined) => string): Told {
  const told = (text: string, bad = false): Told => ({ speaker: "plugin", text, bad });
  switch (event.kind) {
    case "videoroom.published":
      return told(event.feeds.map(({ display, id, streams }) => `${display || id} sends ${streams.filter((s) => !s.disabled).map((s) => s.type).join(", ")}`).join("; "));
    case "videoroom.unpublished":
      return told(`${event.display || name(event.feed)} sends nothing any more`);
    case "videoroom.joined":
      return told(`${event.attendee.display || event.attendee.id} is here`);
    case "videoroom.left":
      return told(event.own ? `You are out of the room${event.reason ? `: ${event.reason}` : ""}` : `${event.display || name(event.feed)} left`);
    case "videoroom.kicked":
      return told(`${event.display || name(event.feed)} was removed`);
    case "videoroom.moderated":
      return told(`M-line ${event.mid} of ${name(event.feed)} is ${event.muted ? "kept back" : "relayed again"} by the gateway`);
    case "videoroom.changed":
      return told(event.display === undefined ? `${name(event.feed)} has other metadata` : `${name(event.feed)} has this name now: ${event.display}`);
    case "videoroom.talking":
      return told(`${name(event.feed)} ${event.talking ? "talks" : "is silent"}`);
    case "videoroom.slow_link":
      return told(`The room misses packets of yours${event.bitrate ? ` and asks for ${bits(event.bitrate)}` : ""}`, true);
    case "videoroom.layer_changed":
      return told(event.substream === undefined ? `Another layer comes on m-line ${event.mid}` : `The ${layers[event.substream] ?? event.substream} size comes on m-line ${event.mid}`);
    case "videoroom.updated":
      return told(`You receive ${event.streams.filter(({ active }) => active).length} m-lines`);
    case "videoroom.subscription_failed":
      return told(`${event.feed === undefined ? "The others" : name(event.feed)} cannot be received: ${event.err.message}`, true);
    case "videoroom.publication_failed":
      return told(`You cannot publish again yet: ${event.err.message}`, true);
    case "videoroom.ghost":
      return told(event.takenOver ? "The gateway still had you in the room: that was removed" : `You are in the room beside what the gateway still has of you, ${event.id}`, !event.takenOver);
    case "videoroom.resynced":
      return told(`The room was compared: ${event.joined} came, ${event.left} left, ${event.published} began and ${event.unpublished} stopped sending unseen`);
    case "videoroom.destroyed":
      return told("The room is closed");
    case "videoroom.error":
      return told(event.err.message, true);
    case "media.track":
      return { ...describe(event), text: `The ${event.track.kind} of ${name(event.feed)} comes, as ${event.track.codec.mime.split("/")[1]}` };
    case "media.muted":
      return { ...describe(event), text: `The ${event.track.kind} of ${name(event.feed)} ${event.muted ? "pauses" : "goes on"}` };
    case "media.ended":
      return { ...describe(event), text: `The ${event.track.kind} of ${name(event.feed)} has ended` };
    default:
      return describe(event);
  }
}
