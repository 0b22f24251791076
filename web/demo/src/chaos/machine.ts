import type { ClientState } from "bifrons";
import { said } from "../describe.js";
import { find } from "../elements.js";

/** Draws what the client does about its connection, as the states it goes through. */
export class Machine {
  readonly #list = find("ol", "machine");
  readonly #next = find("p", "machine-next");
  #state: ClientState | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #note = "";

  /** Shows that a gateway is dialed for the first time. */
  connecting(): void {
    this.#mark("connecting");
    this.#note = "";
    this.#write("");
  }

  show(state: ClientState): void {
    this.#state = state;
    this.#mark(state.phase);
    clearInterval(this.#timer);
    if (state.phase === "reconnecting") this.#timer = setInterval(() => this.#count(), 100);
    this.#count();
  }

  /** Shows that the client goes on with another token. */
  renewed(): void {
    this.#note = `, with another token since ${new Date().toLocaleTimeString()}`;
    if (this.#state) this.#count();
  }

  #mark(phase: ClientState["phase"]): void {
    this.#list.dataset["phase"] = phase;
    for (const item of this.#list.children) {
      if ((item as HTMLElement).dataset["phase"] === phase) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
  }

  #count(): void {
    const { phase, attempt, next, cause, url } = this.#state!;
    if (phase === "open") return this.#write(url + this.#note);
    if (phase !== "reconnecting") return this.#write(phase === "closed" && cause?.kind !== "closed" ? said(cause) : "");
    const wait = (next - Date.now()) / 1000;
    this.#write(`Try ${attempt} ${wait > 0 ? `in ${wait.toFixed(1)} s` : "is on its way"}: ${said(cause)}`);
  }

  #write(text: string): void {
    if (this.#next.textContent !== text) this.#next.textContent = text;
  }
}
