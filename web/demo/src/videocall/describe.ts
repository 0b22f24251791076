import type { VideoCallEvent } from "bifrons/plugins/videocall";
import { describe, said, type Told } from "../describe.js";

/** Says what an event of a video call means. */
export function describeCall(event: VideoCallEvent): Told {
  const plugin = (text: string, bad = false): Told => ({ speaker: "plugin", text, bad });
  switch (event.kind) {
    case "media.track":
      return { speaker: "media", text: `The other side sends ${event.track.kind}, as ${event.track.codec.mime.split("/")[1]}` };
    case "videocall.incoming":
      return plugin(`${event.username} is calling`);
    case "videocall.accepted":
      return plugin(`${event.username} accepted${event.err ? `: ${said(event.err)}` : ""}`, event.err !== undefined);
    case "videocall.updated":
      return plugin(`The call was changed${event.err ? `: ${said(event.err)}` : ""}`, event.err !== undefined);
    case "videocall.ended":
      return plugin(event.username ? `${event.username} ended the call: ${event.reason}` : `The call was lost: ${event.reason}`);
    case "videocall.registered":
      return plugin(event.err ? said(event.err) : `You are ${event.username} again`, event.err !== undefined);
    case "videocall.resynced":
      return plugin(`The gateway was asked what is left${event.over ? ": the call was over" : ""}${event.err ? `; ${said(event.err)}` : ""}`, event.err !== undefined);
    case "videocall.slow_link":
      return plugin(`Packets of your ${event.media} are lost on the way to the gateway`, true);
    case "videocall.layer_changed":
      return plugin(`The other side comes in another size: ${event.substream ?? event.temporal}`);
    case "videocall.error":
      return plugin(said(event.err), true);
    default:
      return describe(event);
  }
}
