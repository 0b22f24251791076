import { button, find, make } from "../elements.js";

/** Says that somebody calls, until it is accepted, declined or over. Screen readers say it at once. */
export class Ring {
  readonly #place = find("div", "call-ring");

  /** Rings. Escape declines. */
  start(who: string, accept: () => void, decline: () => void): void {
    const yes = button("primary", "Accept", accept);
    yes.dataset["phase"] = "idle"; // the colour of what begins something
    const no = button("end", "Decline", decline);
    const ring = make("div", "ring", make("strong", "", `${who} is calling`), make("div", "row", yes, no));
    ring.addEventListener("keydown", ({ key }) => key === "Escape" && decline());
    this.#place.replaceChildren(ring);
    ring.scrollIntoView({ block: "nearest" });
    // Who is writing something must not accept with the next space.
    if (!(document.activeElement instanceof HTMLInputElement) || document.activeElement.readOnly) yes.focus();
  }

  /** Does not ring any more. */
  stop(): void {
    const had = this.#place.contains(document.activeElement);
    this.#place.replaceChildren();
    if (had) find("button", "call-end").focus();
  }
}
