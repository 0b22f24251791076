import type { HandleEvent, SessionEvent } from "bifrons";
import type { Speaker } from "./shell/log.js";

/** An event in words. */
export interface Told {
  speaker: Speaker;
  text: string;
  detail?: string;
  bad?: boolean;
}

/** The sizes of simulcast, from layer 0 on. */
export const layers = ["quarter", "half", "full"];

/** Says what an event means that every plugin has. Of others it gives the name and the content. */
export function describe(event: HandleEvent | SessionEvent): Told {
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
      return { speaker: "media", text: `There is ${event.track.kind}, as ${event.track.codec.mime.split("/")[1]}, on m-line ${event.track.mid}` };
    case "media.ended":
      return { speaker: "media", text: `The ${event.track.kind} on m-line ${event.track.mid} has ended` };
    case "media.muted":
      return { speaker: "media", text: `The ${event.track.kind} on m-line ${event.track.mid} ${event.muted ? "pauses" : "goes on"}` };
    case "media.state":
      return { speaker: "media", text: `The peer connection is ${event.state}${event.err ? `: ${said(event.err)}` : ""}`, bad: event.state === "failed" };
    case "media.blocked":
      return { speaker: "media", text: "The browser plays nothing before a click" };
    case "media.data":
      return { speaker: "media", text: `The gateway opened the data channel "${event.channel.label}"` };
    default:
      return { speaker: "plugin", text: event.kind, detail: JSON.stringify(event, undefined, 2) };
  }
}

function layerOf(substream: number | undefined): string {
  return substream === undefined ? "" : `, size ${layers[substream] ?? substream}`;
}

/** The message of an error. */
export function said(error: unknown): string {
  if (error === undefined) return "no reason given";
  return error instanceof Error ? error.message : String(error);
}

/** Says bits a second for people. */
export function bits(rate: number): string {
  if (rate >= 999_500) return `${(rate / 1e6).toFixed(rate < 9.95e6 ? 1 : 0)} Mbit/s`;
  return `${Math.round(rate / 1000)} kbit/s`;
}

/** Says what a message on the wire is, in a few words. */
export function summarize(direction: string, message: string): { text: string; detail: string } {
  const arrow = direction === "sent" ? "→" : direction === "received" ? "←" : "?";
  try {
    const parsed = JSON.parse(message) as { janus?: string; body?: { request?: string }; jsep?: { type?: string }; plugindata?: { data?: Record<string, unknown> } };
    const parts = [parsed.janus, parsed.body?.request ?? told(parsed.plugindata?.data), parsed.jsep?.type && `with ${parsed.jsep.type}`];
    return { text: [arrow, ...parts.filter(Boolean)].join(" "), detail: JSON.stringify(parsed, undefined, 2) };
  } catch {
    return { text: `${arrow} ${message.slice(0, 60)}`, detail: message };
  }
}

/** Most plugins give the name of what they tell under their own name. */
function told(data: Record<string, unknown> = {}): unknown {
  return ["echotest", "videoroom", "textroom"].map((name) => data[name]).find((value) => typeof value === "string");
}
