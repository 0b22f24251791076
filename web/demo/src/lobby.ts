import { find } from "./elements.js";
import type { Settings } from "./settings.js";

/** How far an echo is; "waiting" is a running one whose gateway is away. */
export type Phase = "idle" | "starting" | "running" | "waiting" | "failed";

/** The upper part of the page: the gateway's address, start and stop, and what is going on. */
export class Lobby {
  readonly #gateway = find("input", "gateway");
  readonly #token = find("input", "token");
  readonly #secret = find("input", "secret");
  readonly #start = find("button", "start");
  readonly #status = find("p", "status");

  constructor(gateway: string, on: { pressed: () => void; changed: (login: Partial<Settings>) => void }) {
    this.#gateway.value = gateway;
    this.#start.disabled = false; // from here on it is understood
    find("form", "connect").addEventListener("submit", (event) => {
      event.preventDefault();
      on.pressed();
    });
    const changed = () => on.changed({ gateway: this.#gateway.value.trim(), token: this.#token.value, apiSecret: this.#secret.value });
    for (const input of [this.#gateway, this.#token, this.#secret]) input.addEventListener("input", changed);
  }

  /** Says where it stands. */
  say(phase: Phase, text: string): void {
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#status.dataset["phase"] = phase;
    this.#start.dataset["phase"] = phase;
    this.#start.textContent = { idle: "Start", starting: "Cancel", running: "Stop", waiting: "Stop", failed: "Start" }[phase];
    for (const input of [this.#gateway, this.#token, this.#secret]) input.disabled = phase !== "idle" && phase !== "failed";
  }
}
