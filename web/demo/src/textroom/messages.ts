import { find, make } from "../elements.js";

/** Something somebody said. */
export interface Said {
  /** Empty: the room itself, by an announcement. */
  readonly from: string;
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly date: number;
  /** We said it. */
  readonly own: boolean;
  /** Whom alone it was for; "you" for what came to us. */
  readonly only?: string;
}

/** How many lines are kept. */
const most = 500;

/** What was said, the newest at the end. */
export class Messages {
  readonly #list = find("ol", "text-said");

  /** Begins anew. */
  clear(): void {
    this.#list.replaceChildren();
  }

  /** Shows a message. */
  add({ from, text, date, own, only }: Said): void {
    const head = make("p", "head", make("strong", "", own ? "You" : from || "Announcement"));
    if (only) head.append(make("span", "only", `to ${only}, in private`));
    head.append(time(date));
    const kind = [own && "own", only && "private", !from && "announced"].filter(Boolean).join(" ");
    this.#append(make("li", kind, head, make("p", "words", text)));
  }

  /** Writes down what happened. */
  note(text: string): void {
    this.#append(make("li", "note", text));
  }

  #append(item: HTMLLIElement): void {
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
    list.append(item);
    if (list.childElementCount > most) list.firstElementChild!.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}

function time(date: number): HTMLTimeElement {
  const at = new Date(date);
  const today = at.toDateString() === new Date().toDateString();
  const clock = at.toLocaleTimeString([], { hour12: false, hour: "2-digit", minute: "2-digit" });
  const element = make("time", "", today ? clock : `${at.toLocaleDateString()} ${clock}`);
  element.dateTime = at.toISOString();
  return element;
}
