import type { HandleEvent, JanusError } from "bifrons";
import type { EchoTestEvent } from "bifrons/plugins/echotest";
import type { Speaker } from "./log.js";
import { bits } from "./rates.js";

/** An event in words. */
export interface Told {
  speaker: Speaker;
  text: string;
  detail?: string;
  bad?: boolean;
}

const layers = ["quarter", "half", "full"];

/** Says what an event means. */
export function describe(event: EchoTestEvent | HandleEvent): Told {
  switch (event.kind) {
    case "webrtcup":
      return { speaker: "gateway", text: "The media connection is up" };
    case "media":
      return { speaker: "gateway", text: `The gateway ${event.receiving ? "receives" : "no longer receives"} your ${event.media}${layerOf(event.substream)}` };
    case "slowlink":
      return { speaker: "gateway", text: `Slow link: ${event.lost} ${event.media} packets lost ${event.uplink ? "on the way back" : "on the way there"}`, bad: true };
    case "hangup":
      return { speaker: "gateway", text: `The gateway hung up: ${event.reason}` };
    case "detached":
      return { speaker: "gateway", text: "The handle is gone" };
    case "timeout":
      return { speaker: "gateway", text: "The gateway gave the session up: nothing was heard of it", bad: true };
    case "interrupted":
      return { speaker: "gateway", text: `The connection to the gateway was lost: ${said(event.err)}`, bad: true };
    case "resumed":
      return { speaker: "gateway", text: `The connection to the gateway is back${event.rebuilt ? ", with a new session" : ""}` };
    case "dropped":
      return { speaker: "page", text: `${event.count} events were dropped: the page was too slow`, bad: true };
    case "media.track":
      return { speaker: "media", text: `The ${event.track.kind} comes back, as ${event.track.codec.mime.split("/")[1]}, on m-line ${event.track.mid}` };
    case "media.ended":
      return { speaker: "media", text: `The ${event.track.kind} that came back has ended` };
    case "media.muted":
      return { speaker: "media", text: event.muted ? `No ${event.track.kind} comes back at the moment` : `The ${event.track.kind} comes back again` };
    case "media.state":
      return { speaker: "media", text: `The peer connection is ${event.state}${event.err ? `: ${said(event.err)}` : ""}`, bad: event.state === "failed" };
    case "media.blocked":
      return { speaker: "media", text: "The browser plays nothing before a click" };
    case "media.data":
      return { speaker: "media", text: `The gateway opened the data channel "${event.channel.label}"` };
    case "echotest.done":
      return { speaker: "plugin", text: "The echo test is over" };
    case "echotest.slow_link":
      return { speaker: "plugin", text: `The echo test asks for less ${event.media}${event.bitrate ? `, ${bits(event.bitrate)}` : ""}`, bad: true };
    case "echotest.layer_changed":
      return { speaker: "plugin", text: changed(event) };
    default:
      return { speaker: event.kind.startsWith("echotest") ? "plugin" : "gateway", text: event.kind, detail: JSON.stringify(event, undefined, 2) };
  }
}

function layerOf(substream: number | undefined): string {
  return substream === undefined ? "" : `, size ${layers[substream] ?? substream}`;
}

function changed(event: { substream?: number; temporal?: number }): string {
  if (event.substream !== undefined) return `The ${layers[event.substream] ?? event.substream} size comes back now`;
  if (event.temporal !== undefined) return `Temporal layer ${event.temporal} comes back now`;
  return "Another layer comes back now";
}

function said(error: JanusError | undefined): string {
  return error?.message ?? "no reason given";
}

/** Says what a message on the wire is, in a few words. */
export function summarize(direction: string, message: string): { text: string; detail: string } {
  const arrow = direction === "sent" ? "→" : direction === "received" ? "←" : "?";
  try {
    const parsed = JSON.parse(message) as { janus?: string; body?: { request?: string }; jsep?: { type?: string }; plugindata?: { data?: { echotest?: string } } };
    const parts = [parsed.janus, parsed.body?.request ?? parsed.plugindata?.data?.echotest, parsed.jsep?.type && `with ${parsed.jsep.type}`];
    return { text: [arrow, ...parts.filter(Boolean)].join(" "), detail: JSON.stringify(parsed, undefined, 2) };
  } catch {
    return { text: `${arrow} ${message.slice(0, 60)}`, detail: message };
  }
}
