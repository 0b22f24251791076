import { find } from "../elements.js";
import type { LinePhase } from "./connection.js";

/** Where to connect to, and as whom. */
export interface Login {
  readonly gateway: string;
  readonly token: string;
  readonly apiSecret: string;
}

/** The upper part of the page, which all tabs have in common: the gateway's address, and how the connection is. */
export class Bar {
  readonly #gateway = find("input", "gateway");
  readonly #token = find("input", "token");
  readonly #secret = find("input", "secret");
  readonly #line = find("p", "line");

  constructor(gateway: string, on: { pressed: () => void; changed: () => void }) {
    this.#gateway.value = gateway;
    for (const input of this.#inputs()) {
      input.addEventListener("input", on.changed);
      input.addEventListener("keydown", ({ key }) => key === "Enter" && on.pressed());
    }
  }

  #inputs(): HTMLInputElement[] {
    return [this.#gateway, this.#token, this.#secret];
  }

  get login(): Login {
    return { gateway: this.#gateway.value.trim(), token: this.#token.value, apiSecret: this.#secret.value };
  }

  /** Says how the connection is. While there is one, its address stays as it is. */
  say(phase: LinePhase, text: string): void {
    this.#line.textContent = text;
    this.#line.dataset["phase"] = phase;
    for (const input of this.#inputs()) input.readOnly = phase !== "idle";
  }
}
