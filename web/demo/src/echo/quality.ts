import type { EchoTestEvent } from "bifrons/plugins/echotest";
import { bits } from "../describe.js";
import { find, onPick } from "../elements.js";
import { bitrates, type Settings } from "./settings.js";

/** A change of the quality. */
export type Change = Partial<Pick<Settings, "bitrate" | "simulcast" | "substream" | "temporal">>;

const sizes = ["a quarter", "half", "full size"];

/** The panel for the bitrate, simulcast and its layers. */
export class Quality {
  readonly #layers = [find("fieldset", "substream"), find("fieldset", "temporal")];
  readonly #layer = find("p", "layer");

  constructor(changed: (change: Change) => void) {
    const slider = find("input", "bitrate");
    slider.max = String(bitrates.length - 1);
    slider.value = slider.max;
    const bitrate = () => bitrates[slider.valueAsNumber] ?? 0;
    const say = () => {
      const text = bitrate() > 0 ? bits(bitrate()) : "none";
      find("output", "bitrate-shown").textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    say();
    slider.addEventListener("input", say);
    slider.addEventListener("change", () => changed({ bitrate: bitrate() }));

    const simulcast = find("input", "simulcast");
    simulcast.addEventListener("change", () => {
      this.#enable(simulcast.checked);
      changed({ simulcast: simulcast.checked });
    });
    this.#enable(simulcast.checked);
    onPick("substream", (value) => changed({ substream: Number(value) }));
    onPick("temporal", (value) => changed({ temporal: Number(value) }));
  }

  #enable(on: boolean): void {
    for (const fieldset of this.#layers) fieldset.disabled = !on;
    this.#layer.textContent = on ? "" : "Sizes can be chosen while simulcast is on.";
  }

  /** Shows which layer comes back. */
  layer({ substream }: Extract<EchoTestEvent, { kind: "echotest.layer_changed" }>): void {
    if (substream === undefined) return;
    this.#layer.textContent = `Now it comes back in ${sizes[substream] ?? `layer ${substream}`}.`;
  }
}
