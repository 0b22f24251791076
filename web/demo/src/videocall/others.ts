import { button, find, make } from "../elements.js";

/** Who can be called. */
export class Others {
  readonly #list = find("ol", "call-others");
  readonly #call: (name: string) => void;
  #names: readonly string[] | undefined;
  #free = false;

  /** `call` is told whom the user wants to call. */
  constructor(call: (name: string) => void) {
    this.#call = call;
    this.#render();
  }

  /** Shows these; undefined: nobody knows, without a name of our own. */
  show(names: readonly string[] | undefined): void {
    if (names?.join("\n") === this.#names?.join("\n") && !names === !this.#names) return;
    this.#names = names;
    this.#render();
  }

  /** Whether somebody can be called now. */
  free(free: boolean): void {
    this.#free = free;
    for (const call of this.#list.querySelectorAll("button")) call.disabled = !free;
  }

  #render(): void {
    const { activeElement } = document;
    const on = this.#list.contains(activeElement) ? (activeElement as HTMLElement).dataset["name"] : undefined;
    const none = this.#names ? "Nobody else: open this page once more, or have somebody do so." : "Register to see it.";
    const items = (this.#names ?? []).map((name) => make("li", "", make("span", "", name), this.#button(name)));
    this.#list.replaceChildren(...(items.length > 0 ? items : [make("li", "none", none)]));
    if (on !== undefined) [...this.#list.querySelectorAll("button")].find(({ dataset }) => dataset["name"] === on)?.focus();
  }

  #button(name: string): HTMLButtonElement {
    const call = button("", "Call", () => this.#call(name));
    call.setAttribute("aria-label", `Call ${name}`);
    call.dataset["name"] = name;
    call.disabled = !this.#free;
    return call;
  }
}
