import type { Kind } from "bifrons";
import type { Choice } from "./choice.js";
import type { Devices } from "./devices.js";
import { make } from "./elements.js";

const fixed: Record<Kind, [Choice, string][]> = {
  video: [["screen", "Screen, window or tab"], ["built-in", "Built-in clock"], ["none", "No picture"]],
  audio: [["screen", "Sound of the screen"], ["built-in", "Built-in tone"], ["none", "No sound"]],
};

/** The two pickers of what to send. */
export class Pickers {
  readonly #devices: Devices;
  readonly #selects: Record<Kind, HTMLSelectElement>;
  readonly #chosen: Record<Kind, Choice> = { video: "device:", audio: "device:" };

  /** `chosen` is called when the user chooses something. */
  constructor(devices: Devices, selects: Record<Kind, HTMLSelectElement>, chosen: (kind: Kind, choice: Choice) => void) {
    this.#devices = devices;
    this.#selects = selects;
    for (const kind of ["video", "audio"] as const) {
      selects[kind].addEventListener("change", () => chosen(kind, selects[kind].value));
    }
    devices.watch(() => this.#render());
  }

  /** Shows what is sent. */
  choose(kind: Kind, choice: Choice): void {
    this.#chosen[kind] = choice;
    this.#render();
  }

  #render(): void {
    for (const kind of ["video", "audio"] as const) {
      const chosen = this.#chosen[kind];
      const name = kind === "video" ? "Camera" : "Microphone";
      const real = this.#devices.known.filter((device) => device.kind === kind && !device.output && device.id);
      const options: [Choice, string][] = real.map((device, i) => [`device:${device.id}`, device.label || `${name} ${i + 1}`]);
      options.unshift(["device:", `Default ${name.toLowerCase()}`]);
      options.push(...fixed[kind].filter(([choice]) => kind === "video" || choice !== "screen" || chosen === "screen"));
      if (!options.some(([choice]) => choice === chosen)) options.push([chosen, `${name} that is gone`]);
      const select = this.#selects[kind];
      const now = options.map(([choice, text]) => `${choice}\n${text}`).join("\n");
      if (select.dataset["options"] !== now) {
        select.dataset["options"] = now;
        select.replaceChildren(...options.map(([choice, text]) => Object.assign(make("option", "", text), { value: choice })));
      }
      select.value = chosen;
    }
  }
}
