import type { ID } from "bifrons";
import { button, find, make } from "../elements.js";
import { doing, keyOf, type Person } from "./person.js";

/** What can be done about a person. */
export interface Deeds {
  layer: (id: ID, layer: number) => void;
  pause: (id: ID, paused: boolean) => void;
  moderate: (id: ID, kind: "audio" | "video", muted: boolean) => void;
  kick: (id: ID) => void;
}

const layers = ["Low", "Middle", "High"];

/** Who is in the room, and what can be done about each of them. */
export class PeopleList {
  readonly #place = find("ul", "room-people");
  readonly #count = find("p", "room-count");
  readonly #deeds: Deeds;
  readonly #rows = new Map<string, Row>();

  constructor(deeds: Deeds) {
    this.#deeds = deeds;
  }

  /** Shows them; `mayModerate`: we look after the room. Rows that stay keep the focus. */
  update(people: readonly Person[], mayModerate: boolean): void {
    const keys = new Set(people.map(({ id }) => keyOf(id)));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    for (const person of people) {
      const key = keyOf(person.id);
      let row = this.#rows.get(key);
      if (!row) {
        row = new Row(person, this.#deeds, mayModerate);
        this.#rows.set(key, row);
        this.#place.append(row.element);
      }
      row.update(person);
    }
    const count = people.length === 0 ? "" : people.length === 1 ? "Only you" : `${people.length} people`;
    if (this.#count.textContent !== count) this.#count.textContent = count;
  }
}

/** One person of the list. */
class Row {
  readonly element: HTMLLIElement;
  readonly #name = make("b", "");
  readonly #doing = make("span", "doing");
  readonly #sizes = make("fieldset", "pick small");
  readonly #radios: HTMLInputElement[];
  readonly #pause: HTMLButtonElement;
  readonly #silence: HTMLButtonElement;
  readonly #cover: HTMLButtonElement;
  readonly #kick: HTMLButtonElement;
  #person: Person;

  constructor(person: Person, deeds: Deeds, mayModerate: boolean) {
    this.#person = person;
    const { id } = person;
    const key = keyOf(id);
    this.#radios = layers.map((_, layer) => {
      const radio = Object.assign(make("input", ""), { type: "radio", name: `room-layer ${key}`, value: String(layer) });
      radio.addEventListener("change", () => radio.checked && deeds.layer(id, layer));
      return radio;
    });
    const legend = make("legend", "unseen", "Size of the picture");
    this.#sizes.append(legend, ...this.#radios.map((radio, i) => make("label", "", radio, make("span", "", layers[i]!))));
    this.#pause = button("", "Pause", () => deeds.pause(id, !this.#person.paused));
    this.#silence = button("", "Silence", () => deeds.moderate(id, "audio", !this.#person.moderated.audio));
    this.#cover = button("", "Cover", () => deeds.moderate(id, "video", !this.#person.moderated.video));
    this.#kick = button("bad", "Remove", () => deeds.kick(id));
    const deed = make("div", "deeds");
    if (!person.own) deed.append(this.#sizes, this.#pause, ...(mayModerate ? [this.#silence, this.#cover, this.#kick] : []));
    this.element = make("li", "", make("p", "", this.#name, this.#doing), deed);
    this.element.dataset["person"] = key;
  }

  update(person: Person): void {
    this.#person = person;
    const { name, own, publishes } = person;
    say(this.#name, own ? `${name} (you)` : name);
    say(this.#doing, doing(person));
    this.element.toggleAttribute("data-talking", person.talking && !person.muted);
    this.#sizes.hidden = person.layer === undefined;
    say(this.#sizes.firstElementChild!, `Size of the picture of ${name}`);
    for (const [layer, radio] of this.#radios.entries()) {
      radio.checked = layer === person.wanted;
      radio.parentElement!.toggleAttribute("data-comes", layer === person.layer);
    }
    const { audio, video } = person.moderated;
    toggle(this.#pause, person.paused, publishes, `Pause ${name}`);
    toggle(this.#silence, audio, publishes, `Silence ${name} for everybody`);
    toggle(this.#cover, video, publishes, `Cover the picture of ${name} for everybody`);
    this.#kick.setAttribute("aria-label", `Remove ${name} from the room`);
  }
}

/** Screen readers are told of changes alone. */
function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function toggle(button: HTMLButtonElement, on: boolean, possible: boolean, label: string): void {
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", label);
  button.hidden = !possible;
}
