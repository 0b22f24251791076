import type { Client } from "bifrons";
import { said } from "../describe.js";
import { button, find } from "../elements.js";
import type { Chaos } from "../shell/config.js";
import type { Log } from "../shell/log.js";
import { Machine } from "./machine.js";

/** What can be done to the gateway, and what stands on the button. */
const harms = [
  ["drop", "Drop the socket"],
  ["freeze", "Freeze for 10 s"],
  ["token", "Kill the token"],
  ["restart", "Restart the gateway"],
  ["loss", "Lose 20 % of packets"],
] as const;

const counted = ["resumed", "rebuilt", "resynced", "renewed", "lost"] as const;

/** The part of the page that harms the gateway and shows how the connection heals. */
export class Strip {
  readonly machine = new Machine();
  readonly #log: Log;
  readonly #said = find("p", "chaos-said");
  readonly #counts: Record<(typeof counted)[number], number> = { resumed: 0, rebuilt: 0, resynced: 0, renewed: 0, lost: 0 };

  constructor(log: Log, chaos: Chaos | undefined) {
    this.#log = log;
    if (!chaos) return; // the gateway is somebody else's
    const place = find("div", "chaos");
    place.hidden = false;
    for (const [name, label] of harms) {
      const harm = button("", label, () => void this.#harm(chaos, name, label));
      harm.id = `harm-${name}`;
      place.append(harm);
    }
  }

  /** Shows the states of a client, until it ends. */
  async follow(client: Client): Promise<void> {
    let away = false;
    for await (const state of client.states()) {
      this.machine.show(state);
      const { phase, attempt, cause, resumed, rebuilt, lost } = state;
      if (phase === "reconnecting") {
        if (away) this.#log.add("page", `Try ${attempt - 1} did not work: ${said(cause)}`, { bad: true });
        away = true;
      } else if (phase === "open" && away) {
        away = false;
        this.#log.add("page", `Connected again: of the sessions ${resumed} claimed, ${rebuilt} rebuilt, ${lost} lost`, { bad: lost > 0 });
        this.#count("resumed", resumed);
        this.#count("rebuilt", rebuilt);
        this.#count("lost", lost);
      }
    }
  }

  /** Counts the events of plugins that tell that something was compared with the gateway. */
  heard(kind: string): void {
    if (kind.endsWith(".resynced")) this.#count("resynced", 1);
  }

  /** Shows that the gateway refused the token, and that there is another. */
  renewed(): void {
    this.#log.add("page", "The gateway refused the token: this is another one");
    this.#count("renewed", 1);
    this.machine.renewed();
  }

  #count(what: (typeof counted)[number], more: number): void {
    this.#counts[what] += more;
    find("dd", `count-${what}`).textContent = String(this.#counts[what]);
  }

  async #harm({ path }: Chaos, name: string, label: string): Promise<void> {
    this.#log.add("page", label);
    this.#said.textContent = "";
    try {
      const response = await fetch(path + name, { method: "POST" });
      this.#said.textContent = response.ok ? `${label}: done` : await response.text();
    } catch (error) {
      this.#said.textContent = `The server of this page does not answer: ${said(error)}`;
    }
  }
}
