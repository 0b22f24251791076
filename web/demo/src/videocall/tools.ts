import type { Kind } from "bifrons";
import { find } from "../elements.js";

/** The buttons below the pictures. */
export class Tools {
  readonly #end = find("button", "call-end");
  readonly #mutes = { audio: find("button", "call-mute"), video: find("button", "call-hide") };

  /** `mute` is told what is to become of a kind; `muted` makes it so. */
  constructor(mute: (kind: Kind, muted: boolean) => void, end: () => void) {
    for (const kind of ["audio", "video"] as const) {
      const button = this.#mutes[kind];
      button.addEventListener("click", () => mute(kind, button.getAttribute("aria-pressed") !== "true"));
    }
    this.#end.addEventListener("click", end);
  }

  /** There is something to hang up. */
  begin(): void {
    this.#end.disabled = false;
  }

  /** There is something to mute. */
  talk(): void {
    for (const button of Object.values(this.#mutes)) button.disabled = false;
  }

  muted(kind: Kind, muted: boolean): void {
    this.#mutes[kind].setAttribute("aria-pressed", String(muted));
  }

  /** The call is over. Who was on one of the buttons goes to another element. */
  stop(other: HTMLElement): void {
    const buttons = [...Object.values(this.#mutes), this.#end];
    const held = buttons.some((button) => button === document.activeElement);
    for (const button of buttons) button.disabled = true;
    for (const kind of ["audio", "video"] as const) this.muted(kind, false);
    if (held) other.focus();
  }
}
