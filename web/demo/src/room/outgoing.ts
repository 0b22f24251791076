import { resolutions, type Kind, type Source } from "bifrons";
import type { Choice, Want } from "../choice.js";
import { find } from "../elements.js";
import { Pickers } from "../pickers.js";
import { device } from "../problem.js";
import type { Desk } from "../shell/desk.js";
import { openSources } from "../sources.js";
import type { Role } from "./form.js";

/** What is sent to the room: a picture and a sound, and a screen beside them. */
export type Sources = Partial<Record<Kind | "screen", Source>>;

/** The panel that says what to send, and what is open of it. */
export class Outgoing {
  readonly #changed: () => void;
  readonly #choices: Record<Kind, Choice> = { video: "device:", audio: "device:" };
  readonly #desk: Desk;
  readonly #pickers: Pickers;
  readonly #simulcast = find("input", "room-simulcast");
  #sources: Sources = {};

  /** `chosen` is called when the user chooses something, `changed` when anything here is another. */
  constructor(desk: Desk, on: { chosen: (kind: Kind, choice: Choice) => void; changed: () => void }) {
    this.#desk = desk;
    this.#changed = on.changed;
    const selects = { video: find("select", "room-camera"), audio: find("select", "room-microphone") };
    this.#pickers = new Pickers(desk.devices, selects, on.chosen);
    this.#simulcast.addEventListener("change", on.changed);
  }

  get choices(): Readonly<Record<Kind, Choice>> {
    return this.#choices;
  }

  /** What is open. */
  get sources(): Readonly<Sources> {
    return this.#sources;
  }

  /** Whether the picture goes out in three sizes. */
  get simulcast(): boolean {
    return this.#simulcast.checked;
  }

  /** Shows a choice. */
  choose(kind: Kind, choice: Choice): void {
    this.#choices[kind] = choice;
    this.#pickers.choose(kind, choice);
    this.#changed();
  }

  /** Opens what belongs to a role, while the click that began it still counts for the browser. */
  async open(role: Role, signal: AbortSignal): Promise<void> {
    if (role === "audience") return;
    this.#sources = await this.#capture({ ...this.#choices, ...(role === "screen" && { video: "screen" }) }, signal);
  }

  /** Opens something else of a kind. The one before stays open until `keep`. */
  async reopen(kind: Kind, choice: Choice): Promise<Source | undefined> {
    const source = (await this.#capture({ [kind]: choice }))[kind];
    if (choice === "screen" || !source) this.choose(kind, choice);
    return source;
  }

  /** Takes a source, or none, in the place of another, which it returns. */
  keep(place: Kind | "screen", source: Source | undefined): Source | undefined {
    const before = this.#sources[place];
    delete this.#sources[place];
    if (source) this.#sources[place] = source;
    return before;
  }

  async #capture(want: Want, signal?: AbortSignal): Promise<Sources> {
    const bifrons = await this.#desk.common.load(signal);
    const size = resolutions[this.simulcast ? "hires" : "stdres-16:9"];
    const { sources, choices, missing } = await openSources(bifrons, want, size, signal);
    for (const what of missing) if (isSecureContext) this.#desk.show(device(what)); // else it was said before
    for (const kind of ["video", "audio"] as const) {
      const choice = choices[kind];
      if (choice !== undefined && choice !== "screen") this.choose(kind, choice);
    }
    this.#desk.devices.refresh(bifrons).catch(() => {}); // they have names now, where there are any
    return sources;
  }

  /** Lets go of the devices. */
  async close(): Promise<void> {
    const sources = Object.values(this.#sources);
    this.#sources = {};
    await Promise.allSettled(sources.map((source) => source.close()));
  }
}
