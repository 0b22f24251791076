import { button, find, make } from "../elements.js";

/** Who is in the room, and whom messages go to. */
export class People {
  readonly #list = find("ol", "text-people");
  readonly #count = find("p", "text-count");
  readonly #to = find("select", "text-to");
  readonly #names = new Map<string, string>();
  readonly #chosen: () => void;
  #me = "";

  /** `chosen` is called when the user chooses whom to write to. */
  constructor(chosen: () => void) {
    this.#chosen = chosen;
    this.#to.addEventListener("change", chosen);
    this.#render();
  }

  /** Whom messages go to; empty: everybody. */
  get to(): string {
    return this.#to.value;
  }

  /** The name somebody goes by. */
  name(username: string): string {
    return this.#names.get(username) ?? username;
  }

  /** Begins anew, with these and us; without us nobody is there. */
  reset(me: string, others: readonly { username: string; display?: string }[] = []): void {
    this.#me = me;
    this.#names.clear();
    for (const { username, display } of me ? [{ username: me }, ...others] : []) this.#names.set(username, display || username);
    this.#render();
  }

  /** Somebody came; false if they were known. */
  add(username: string, display: string): boolean {
    const known = this.#names.has(username);
    this.#names.set(username, display || username);
    this.#render();
    return !known;
  }

  /** Somebody went. */
  remove(username: string): void {
    this.#names.delete(username);
    this.#render();
  }

  #render(): void {
    const others = [...this.#names].filter(([username]) => username !== this.#me).sort(([, a], [, b]) => a.localeCompare(b));
    const before = this.#to.value;
    const option = (value: string, text: string) => Object.assign(make("option", "", text), { value });
    this.#to.replaceChildren(option("", "Everybody"), ...others.map(([username, name]) => option(username, `${name} alone`)));
    this.#to.value = this.#names.has(before) ? before : "";
    if (before && !this.#to.value) this.#chosen();
    this.#keepingFocus(() => this.#list.replaceChildren(...(this.#me ? [make("li", "", `${this.name(this.#me)} (you)`)] : []), ...others.map((other) => this.#item(other))));
    const { size } = this.#names;
    this.#count.textContent = size === 0 ? "" : size === 1 ? "Nobody but you" : `${size} people`;
  }

  #item([username, name]: [string, string]): HTMLLIElement {
    const write = button("quiet", "Write", () => {
      this.#to.value = username;
      this.#chosen();
      find("input", "text-words").focus();
    });
    write.dataset["to"] = username;
    write.setAttribute("aria-label", `Write to ${name} alone`);
    return make("li", "", make("span", "", name), write);
  }

  /** Who is on the button of somebody stays there while others come and go. */
  #keepingFocus(change: () => void): void {
    const { activeElement } = document;
    const on = this.#list.contains(activeElement) ? (activeElement as HTMLElement).dataset["to"] : undefined;
    change();
    for (const again of this.#list.querySelectorAll("button")) if (on !== undefined && again.dataset["to"] === on) again.focus();
  }
}
