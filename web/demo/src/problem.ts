import { JanusError } from "bifrons";
import type { Missing } from "./sources.js";

/** What is wrong, for people who have never heard of it. */
export interface Problem {
  title: string;
  /** What to do about it. */
  fix: string;
  /** The words of the error itself, for those who have. */
  detail: string;
  /** Whether it goes on all the same. */
  mild: boolean;
}

/** What was asked, and of whom. */
export interface Asked {
  readonly gateway: string;
  /** The plugin, in words and by its package name. */
  readonly plugin: { readonly words: string; readonly name: string };
  /** Whether the gateway had answered before. Else most errors are about its address. */
  readonly reached: boolean;
}

/** Says in words what an error means. */
export function problem(error: unknown, { gateway, plugin, reached }: Asked): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  const is = (title: string, fix: string): Problem => ({ title, fix, detail, mild: false });
  if (!(error instanceof JanusError)) {
    return is("Something went wrong in this page", "Load the page again. If it comes back, the text below helps those who can mend it.");
  }
  const fix = (fallback: string) => (error.fix ? sentence(error.fix) : fallback);
  switch (error.kind) {
    case "load":
      return is("The program of this page could not be loaded", fix("Load the page again."));
    case "crashed":
      return is("The program of this page has ended", "Start again: the page loads it anew.");
    case "transport":
    case "interrupted":
    case "uncertain":
      return !reached ? unreachable(gateway, detail) : is("The connection to the gateway was lost", "See whether the gateway still runs, and start again.");
    case "timeout":
      return !reached
        ? unreachable(gateway, detail)
        : is("The gateway took the connection and says nothing", "It is busy or frozen: wait a moment and start again.");
    case "argument":
      return !reached
        ? is("That is no address of a gateway", "Write it like ws://127.0.0.1:8188/, wss://janus.example.org/ws or https://janus.example.org/janus.")
        : is("The gateway cannot be asked like that", fix("Change the last setting."));
    case "gateway":
      if (error.code === 403) return is("The gateway wants to know who you are", 'Open "Token or secret" above, and fill in what the owner of the gateway gave you.');
      if (error.code === 460) {
        return is(`This gateway has no ${plugin.words}`, `Its plugin ${plugin.name} is missing or switched off: use another gateway, or have it switched on.`);
      }
      return is("The gateway refused", fix("Its log may say why."));
    case "plugin":
      return is(`The ${plugin.words} refused`, fix("Change the last setting and start again."));
    case "unsupported":
      return is("This browser cannot do it", "Use a current Chrome, Edge, Firefox or Safari.");
    case "closed":
    case "expired":
    case "destroyed":
    case "detached":
      return is(`The gateway ended the ${plugin.words}`, "Start again. If it happens again, the gateway's log may say why.");
    case "device":
      return device({ error, kinds: error.device ? [error.device] : [] });
    default:
      return is("It did not work", fix("Start again. If it comes back, the text below helps those who can mend it."));
  }
}

function unreachable(gateway: string, detail: string): Problem {
  const title = `No gateway answers at ${gateway || "no address"}`;
  let fix =
    "Is Janus running, and are the address and the port right? In the folder of Bifrons, make demo starts one and opens this page. " +
    "Janus' WebSockets are usually on port 8188.";
  if (location.protocol === "https:" && gateway.startsWith("ws:")) {
    fix = "This page came over https, and from there a browser dials only secure gateways: use a wss:// address.";
  }
  return { title, fix, detail, mild: false };
}

/** The gateway was reached, and the media were not. */
export function noWay(detail: string): Problem {
  const fix =
    "The gateway answers, but picture and sound find no way to it and back: a firewall or a VPN keeps UDP out, or the gateway announces " +
    "an address that cannot be reached from here. Another network may help, or a TURN server.";
  return { title: "The media found no way", fix, detail, mild: false };
}

/** It goes on with the picture and the tone that the page makes. */
export function device({ error, kinds }: Missing): Problem {
  const both = kinds.length !== 1;
  const what = both ? "camera and the microphone" : kinds[0] === "audio" ? "microphone" : "camera";
  const instead = both ? "A clock and a tone are sent instead." : kinds[0] === "audio" ? "A tone is sent instead." : "A clock is sent instead.";
  const is = (title: string, fix: string): Problem => ({ title, fix: `${instead} ${fix}`, detail: error.message, mild: true });
  if (!isSecureContext) {
    return is(`The browser keeps the ${what} from this page`, "It gives devices to secure pages only: open this one by https://, or at http://localhost.");
  }
  switch (error.exception) {
    case "NotAllowedError":
      return is(`You have not allowed the ${what}`, "Click the icon beside the page's address, allow it, and start again. The system has privacy settings for it, too.");
    case "NotFoundError":
      return is(both ? "There is no camera and no microphone" : `There is no ${what}`, "To use one, plug it in and choose it below.");
    case "NotReadableError":
    case "AbortError":
      return is(`The ${what} ${both ? "are" : "is"} taken or ${both ? "do" : "does"} not work`, "Close other programs and tabs that use it, then choose it again.");
    case "OverconstrainedError":
      return is(both ? "Those devices are gone" : `That ${what} is gone`, "Choose another.");
    default:
      return is(`The ${what} cannot be had`, error.fix ? sentence(error.fix) : "Choose another.");
  }
}

/** Says why the screen is not shared; undefined if the user just changed their mind. */
export function noScreen(error: JanusError): Problem | undefined {
  if (error.exception === "NotAllowedError") return undefined;
  const fix = error.fix ? sentence(error.fix) : "Share another one, or a window.";
  return { title: "The screen cannot be shared", fix, detail: error.message, mild: true };
}

/** What is wrong with the page itself, before anything is tried. */
export function environment(): Problem | undefined {
  if (typeof RTCPeerConnection === "undefined") {
    const fix = "Use a current Chrome, Edge, Firefox or Safari, and see that no extension switches WebRTC off.";
    return { title: "This browser has no WebRTC", fix, detail: "RTCPeerConnection is not defined", mild: false };
  }
  if (!isSecureContext) {
    const fix =
      "The browser gives cameras and microphones to secure pages only: open this one by https://, or at http://localhost. " +
      "Until then a clock and a tone are sent.";
    return { title: "This page is not secure", fix, detail: `${location.origin} is no secure context`, mild: true };
  }
  return undefined;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
