import { find, make } from "../elements.js";

/** Who says it. */
export type Speaker = "page" | "gateway" | "media" | "plugin" | "wire";

/** One thing that happened. */
interface Entry {
  at: Date;
  speaker: Speaker;
  text: string;
  detail: string | undefined;
  bad: boolean;
}

/** How many are kept. */
const most = 500;

/** The event log: what happened, with a search. The newest is at the end. */
export class Log {
  readonly #entries: Entry[] = [];
  readonly #list = find("ol", "log");
  readonly #count = find("p", "log-count");
  readonly #search = find("input", "log-text");
  readonly #speaker = find("select", "log-kind");
  #forgotten = 0;

  constructor() {
    this.#search.addEventListener("input", () => this.#render());
    this.#speaker.addEventListener("change", () => this.#render());
    find("button", "log-clear").addEventListener("click", () => {
      this.#entries.length = 0;
      this.#forgotten = 0;
      this.#render();
    });
    this.#render();
  }

  /** Writes a line; `detail` can be unfolded. */
  add(speaker: Speaker, text: string, { detail, bad = false }: { detail?: string | undefined; bad?: boolean } = {}): void {
    const entry = { at: new Date(), speaker, text, detail, bad };
    this.#entries.push(entry);
    if (this.#entries.length > most) {
      const oldest = this.#entries.shift()!;
      this.#forgotten++;
      if (this.#shows(oldest)) this.#list.firstElementChild?.remove();
    }
    if (this.#shows(entry)) this.#append([entry]);
    this.#tell();
  }

  #shows(entry: Entry): boolean {
    const speaker = this.#speaker.value;
    if (speaker ? entry.speaker !== speaker : entry.speaker === "wire") return false;
    const wanted = this.#search.value.trim().toLowerCase();
    return !wanted || `${entry.speaker} ${entry.text} ${entry.detail ?? ""}`.toLowerCase().includes(wanted);
  }

  #render(): void {
    // What was there before is not news, and the wire is too much to read out.
    this.#list.setAttribute("aria-live", "off");
    this.#list.replaceChildren();
    this.#append(this.#entries.filter((entry) => this.#shows(entry)));
    this.#tell();
    if (this.#speaker.value !== "wire") requestAnimationFrame(() => this.#list.setAttribute("aria-live", "polite"));
  }

  #append(entries: Entry[]): void {
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
    list.append(...entries.map(item));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  #tell(): void {
    const shown = this.#list.childElementCount;
    const all = this.#entries.length;
    const gone = this.#forgotten > 0 ? `, ${this.#forgotten} older ones forgotten` : "";
    this.#count.textContent = all === 0 ? "" : `${shown} of ${all}${gone}`;
  }
}

function item({ at, speaker, text, detail, bad }: Entry): HTMLLIElement {
  const time = make("time", "", at.toLocaleTimeString([], { hour12: false }));
  time.dateTime = at.toISOString();
  const body = detail ? make("details", "", make("summary", "", text), make("pre", "", detail)) : make("span", "", text);
  return make("li", bad ? "bad" : "", time, make("span", "kind", speaker), body);
}
