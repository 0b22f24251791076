import type { Bifrons, DeviceInfo, Kind } from "bifrons";
import { find, make } from "./elements.js";
import type { Choice } from "./settings.js";

const fixed: Record<Kind, [Choice, string][]> = {
  video: [["screen", "Screen, window or tab"], ["built-in", "Built-in clock"], ["none", "No picture"]],
  audio: [["screen", "Sound of the screen"], ["built-in", "Built-in tone"], ["none", "No sound"]],
};

/** The two pickers. They follow what is plugged in and out. */
export class Devices {
  readonly #selects = { video: find("select", "camera"), audio: find("select", "microphone") };
  readonly #chosen: Record<Kind, Choice> = { video: "device:", audio: "device:" };
  #known: DeviceInfo[] = [];

  /** `chosen` is called when the user chooses something. */
  constructor(chosen: (kind: Kind, choice: Choice) => void) {
    for (const kind of ["video", "audio"] as const) {
      this.#selects[kind].addEventListener("change", () => chosen(kind, this.#selects[kind].value));
    }
    this.#render();
  }

  /** Lists the devices again; after a permission was given they have names. */
  async refresh(bifrons: Bifrons): Promise<void> {
    this.#known = await bifrons.devices();
    this.#render();
  }

  /** Follows the devices for as long as the page is there. */
  async follow(bifrons: Bifrons): Promise<void> {
    for await (const devices of bifrons.deviceChanges()) {
      this.#known = devices;
      this.#render();
    }
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
      const real = this.#known.filter((device) => device.kind === kind && !device.output && device.id);
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
