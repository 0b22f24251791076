import type { Incoming } from "bifrons/plugins/videocall";
import { noWay, type Problem } from "../problem.js";
import type { Call } from "./call.js";

/** One attempt to talk to somebody, from the first ring to the end. */
export class Conversation {
  readonly whom: string;
  /** Their call, if they are who calls. */
  readonly incoming: Incoming | undefined;
  readonly cancel = new AbortController();
  call: Call | undefined;
  /** How far it is, in words. */
  status = "";
  /** The gateway knows of it. */
  asked: boolean;
  /** Why they ended it, in their words. */
  reason = "";

  constructor(whom: string, incoming?: Incoming) {
    this.whom = whom;
    this.incoming = incoming;
    this.asked = incoming !== undefined;
  }

  /** Says what is worth saying about how it ended; `hangup` is the gateway's own reason. */
  outcome(hangup: string): Problem | undefined {
    const is = (title: string): Problem => ({ title, fix: "Try again later.", detail: "", mild: true });
    if (this.reason === declined) return is(`${this.whom} declined`);
    if (this.reason === busy) return is(`${this.whom} is in another call`);
    return hangup === "ICE failed" ? noWay(hangup) : undefined;
  }
}

/** What pages tell each other when a call is not wanted. */
export const declined = "declined";
export const busy = "busy";
