import { find } from "../elements.js";

const toggles = ["mute", "hide", "share"] as const;

/** A button that is on or off. */
export type Toggle = (typeof toggles)[number];

/** The row of buttons below the pictures, for what we send. */
export class Tools {
  /** `pressed` is told what a toggle is to become. */
  constructor(pressed: (toggle: Toggle, on: boolean) => void) {
    for (const toggle of toggles) {
      const button = find("button", `room-${toggle}`);
      button.addEventListener("click", () => pressed(toggle, button.getAttribute("aria-pressed") !== "true"));
    }
  }

  /** Shows how a toggle is, and whether it can be used. */
  set(toggle: Toggle, on: boolean, possible: boolean): void {
    const button = find("button", `room-${toggle}`);
    button.setAttribute("aria-pressed", String(on));
    button.disabled = !possible;
  }

  /** None can be used outside a room. */
  end(): void {
    for (const toggle of toggles) this.set(toggle, false, false);
  }
}
