import type { Incoming } from "bifrons/plugins/videocall";
import type { Problem } from "../problem.js";
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
  #told = false;

  constructor(whom: string, incoming?: Incoming) {
    this.whom = whom;
    this.incoming = incoming;
    this.asked = incoming !== undefined;
  }

  /** Says once what their reason to end it is worth saying. The gateway's reason may come first. */
  ended(reason: string): Problem | undefined {
    const title = { [declined]: `${this.whom} declined`, [busy]: `${this.whom} is in another call` }[reason];
    if (!title || this.#told) return undefined;
    this.#told = true;
    return { title, fix: "Try again later.", detail: "", mild: true };
  }
}

/** What pages tell each other when a call is not wanted. */
export const declined = "declined";
export const busy = "busy";
