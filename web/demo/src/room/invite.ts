import { find } from "../elements.js";
import { written } from "./form.js";
import type { Entry } from "./stay.js";

/** The box that says how others come into the room: from a terminal, or by a link. */
export class Invite {
  readonly #code = find("code", "room-command");
  readonly #said = find("p", "room-copied");
  #link = "";

  constructor() {
    find("button", "room-copy").addEventListener("click", () => this.#copy(this.#code.textContent, "The command"));
    find("button", "room-link").addEventListener("click", () => this.#copy(this.#link, "The link"));
  }

  /** Writes the command, with what the gateway and the room need. What the user keeps secret stays out of it; `terminal` stands before it. */
  show(gateway: string, { room, pin }: Entry, terminal: string): void {
    const id = written(room);
    const flags = `--room ${shell(id)}${pin ? " --pin-file pin.txt" : ""}`;
    this.#code.textContent = `${terminal}bifrons room publish ${shell(gateway)} ${flags} --in clip --record out.webm`;
    this.#link = `${location.origin}${location.pathname}#videoroom/${encodeURIComponent(id)}`;
  }

  async #copy(text: string, what: string): Promise<void> {
    this.#said.textContent = "";
    try {
      await navigator.clipboard.writeText(text);
      this.#said.textContent = `${what} is copied.`;
    } catch {
      this.#said.textContent = `The browser does not let this page copy: ${text}`;
    }
  }
}

/** Quotes an argument for a shell, where it needs that. */
function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
