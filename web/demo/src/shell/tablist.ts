import { find, make } from "../elements.js";

/** What a tab of the list has. */
interface Named {
  readonly name: string;
  readonly title: string;
}

/**
 * The row of tabs, by the tab pattern of the ARIA Authoring Practices: one of them
 * is a stop of the Tab key; arrows, Home and End go to another and show it at once.
 */
export class TabList {
  readonly #buttons: HTMLButtonElement[];

  /** `go` is called with the name of a tab that the user chose. */
  constructor(tabs: readonly Named[], go: (name: string) => void) {
    const list = find("div", "tabs");
    this.#buttons = tabs.map(({ name, title }) => {
      const button = make("button", "", title, make("span", "unseen"));
      Object.assign(button, { type: "button", id: `tab-${name}`, role: "tab", tabIndex: -1 });
      button.setAttribute("aria-controls", `panel-${name}`);
      button.dataset["name"] = name;
      button.addEventListener("click", () => go(name));
      return button;
    });
    list.replaceChildren(...this.#buttons);
    list.addEventListener("keydown", (event) => {
      const from = this.#buttons.findIndex((button) => button === event.target);
      const to = step(event, from, this.#buttons.length);
      const button = this.#buttons[to ?? -1];
      if (from < 0 || !button) return;
      event.preventDefault();
      button.focus();
      button.click();
    });
  }

  /** Shows which one is chosen. */
  choose(name: string): void {
    for (const button of this.#buttons) {
      const chosen = button.dataset["name"] === name;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  /** Marks a tab in which something goes on, for the eye and for the ear. */
  mark(name: string, on: boolean): void {
    const button = this.#buttons.find((button) => button.dataset["name"] === name);
    button?.toggleAttribute("data-live", on);
    if (button) button.lastElementChild!.textContent = on ? ", running" : "";
  }
}

/** Says which of so many tabs a key goes to; undefined: it is no key of theirs. */
function step({ key, ctrlKey, altKey, metaKey }: KeyboardEvent, from: number, count: number): number | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  switch (key) {
    case "ArrowRight":
      return (from + 1) % count;
    case "ArrowLeft":
      return (from + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
