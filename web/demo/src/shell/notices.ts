import { find, make } from "../elements.js";
import type { Problem } from "../problem.js";

/** What a user can do about a problem, on a button. */
export interface Action {
  label: string;
  run: () => void;
}

/** The place where a tab says what is wrong. Screen readers say it at once. */
export class Notices {
  readonly #place = make("div", "");

  constructor() {
    find("div", "notices").append(this.#place);
  }

  /** Those of another tab are kept, and not shown. */
  hide(hidden: boolean): void {
    this.#place.hidden = hidden;
  }

  show({ title, fix, detail, mild }: Problem, action?: Action): void {
    const notice = make("div", mild ? "notice" : "notice bad", make("strong", "", title), make("span", "", fix));
    if (detail) notice.append(make("details", "", make("summary", "", "What the program says"), make("code", "", detail)));
    if (action) {
      const button = make("button", "", action.label);
      button.type = "button";
      button.addEventListener("click", () => {
        notice.remove();
        action.run();
      });
      notice.append(button);
    }
    this.#place.append(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  clear(): void {
    this.#place.replaceChildren();
  }
}
