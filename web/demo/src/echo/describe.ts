import type { EchoTestEvent } from "bifrons/plugins/echotest";
import { bits, describe, layers, type Told } from "../describe.js";

/** Says what an event of an echo means. */
export function describeEcho(event: EchoTestEvent): Told {
  switch (event.kind) {
    case "media.track":
      return { speaker: "media", text: `The ${event.track.kind} comes back, as ${event.track.codec.mime.split("/")[1]}, on m-line ${event.track.mid}` };
    case "media.ended":
      return { speaker: "media", text: `The ${event.track.kind} that came back has ended` };
    case "media.muted":
      return { speaker: "media", text: event.muted ? `No ${event.track.kind} comes back at the moment` : `The ${event.track.kind} comes back again` };
    case "echotest.done":
      return { speaker: "plugin", text: "The echo test is over" };
    case "echotest.slow_link":
      return { speaker: "plugin", text: `The echo test asks for less ${event.media}${event.bitrate ? `, ${bits(event.bitrate)}` : ""}`, bad: true };
    case "echotest.layer_changed":
      return { speaker: "plugin", text: changed(event) };
    case "echotest.error":
      return { speaker: "plugin", text: event.err.message, bad: true };
    default:
      return describe(event);
  }
}

function changed(event: { substream?: number; temporal?: number }): string {
  if (event.substream !== undefined) return `The ${layers[event.substream] ?? event.substream} size comes back now`;
  if (event.temporal !== undefined) return `Temporal layer ${event.temporal} comes back now`;
  return "Another layer comes back now";
}
