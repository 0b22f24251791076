import { find } from "../elements.js";

const toggles = ["mute-audio", "mute-video", "share", "listen", "record"] as const;

/** A button that is on or off. */
export type Toggle = (typeof toggles)[number];

/** The row of buttons below the pictures. They work while an echo runs. */
export class Tools {
  readonly #buttons = [...toggles, "restart" as const].map((id) => find("button", id));

  /** `pressed` is told what a toggle is to become; `set` makes it so. */
  constructor(pressed: (toggle: Toggle, on: boolean) => void, restart: () => void) {
    for (const toggle of toggles) {
      find("button", toggle).addEventListener("click", () => pressed(toggle, !this.on(toggle)));
    }
    find("button", "restart").addEventListener("click", restart);
  }

  on(toggle: Toggle): boolean {
    return find("button", toggle).getAttribute("aria-pressed") === "true";
  }

  set(toggle: Toggle, on: boolean): void {
    find("button", toggle).setAttribute("aria-pressed", String(on));
  }

  enable(on: boolean): void {
    for (const button of this.#buttons) button.disabled = !on;
  }
}
