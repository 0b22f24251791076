/** How far something is; "waiting" is running while the gateway is away. */
export type Phase = "idle" | "starting" | "running" | "waiting" | "failed";

/** The button that starts something and ends it, and the words beside it that say what goes on. */
export class Starter {
  readonly #button: HTMLButtonElement;
  readonly #status: HTMLElement;
  readonly #words: { start: string; stop: string };
  #phase: Phase = "idle";

  /** `words` are those of the button; to end what only begins, it says "Cancel". */
  constructor(button: HTMLButtonElement, status: HTMLElement, words: { start: string; stop: string }) {
    this.#button = button;
    this.#status = status;
    this.#words = words;
    button.disabled = false; // from here on it is understood
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Says where it stands. */
  say(phase: Phase, text: string): void {
    this.#phase = phase;
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#status.dataset["phase"] = phase;
    this.#button.dataset["phase"] = phase;
    const { start, stop } = this.#words;
    this.#button.textContent = { idle: start, starting: "Cancel", running: stop, waiting: stop, failed: start }[phase];
  }
}
