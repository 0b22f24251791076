import { EchoTest, type DataChannel } from "bifrons";
import { find, make } from "../elements.js";

/** How many answers are shown. */
const most = 5;

/** The data channel box: a text goes to the gateway and back, and the time it takes is shown. */
export class Ping {
  readonly #form = find("form", "ping");
  readonly #words = find("input", "words");
  readonly #send = find("button", "send");
  readonly #answers = find("ol", "answers");
  readonly #waiting: number[] = [];
  #channel: DataChannel | undefined;

  constructor(failed: (error: unknown) => void) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#channel || !this.#words.value) return;
      this.#waiting.push(performance.now());
      this.#channel.send(this.#words.value, { timeoutMs: 5000 }).catch(failed);
    });
  }

  /** Uses a channel until it closes. */
  async use(channel: DataChannel): Promise<void> {
    await channel.opened();
    this.#channel = channel;
    this.#waiting.length = 0;
    this.#send.disabled = false;
    try {
      for await (const message of channel) this.#answer(message);
    } finally {
      if (this.#channel === channel) {
        this.#channel = undefined;
        this.#send.disabled = true;
      }
    }
  }

  #answer(message: string | Uint8Array): void {
    const since = this.#waiting.shift();
    const text = typeof message === "string" ? message.replace(EchoTest.textPrefix, "") : `${message.length} bytes`;
    const took = since === undefined ? "" : `${(performance.now() - since).toFixed(1)} ms`;
    this.#answers.append(make("li", "", make("span", "", text), make("b", "", took)));
    while (this.#answers.childElementCount > most) this.#answers.firstElementChild!.remove();
  }
}
