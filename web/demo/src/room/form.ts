import type { ID } from "bifrons";
import { find, onPick } from "../elements.js";
import type { Entry } from "./stay.js";

/** How to come into the room: with camera and microphone, with a screen, or to watch. */
export type Role = "camera" | "screen" | "audience";

const names = ["Otter", "Heron", "Badger", "Lynx", "Wren", "Marten", "Ibis", "Newt"];

/** The form that says which room, and as whom. */
export class Form {
  readonly #entry = find("fieldset", "room-entry");
  readonly #room = find("input", "room-id");
  readonly #name = find("input", "room-name");
  readonly #pin = find("input", "room-pin");
  readonly #title = find("input", "room-title");
  readonly #secret = find("input", "room-secret");
  readonly #keep = find("details", "room-keep");
  readonly #lead = find("p", "room-lead");
  readonly #rooms = find("ul", "room-rooms");
  readonly #show = find("button", "room-show");
  #role: Role = "camera";

  constructor(on: { join: () => void; show: () => void; create: () => void; changed: () => void }) {
    this.#name.value = names[Math.floor(Math.random() * names.length)]!;
    const submit = (id: string, f: () => void) =>
      find("form", id).addEventListener("submit", (event) => {
        event.preventDefault();
        f();
      });
    submit("room-form", on.join);
    submit("room-make", on.create);
    this.#show.addEventListener("click", on.show);
    for (const input of [this.#room, this.#name, this.#pin, this.#secret]) input.addEventListener("input", on.changed);
    onPick("room-role", (role) => {
      this.#role = role as Role;
      on.changed();
    });
  }

  get role(): Role {
    return this.#role;
  }

  /** What was written. A number is one, and anything else is the name of a room, as is a number in quotes. */
  get entry(): Entry {
    const room = this.#room.value.trim();
    const id = /^\d+$/.test(room) ? number(room) : room.replace(/^"(.*)"$/, "$1");
    return { room: id, display: this.#name.value.trim() || "Guest", pin: this.#pin.value, secret: this.#secret.value };
  }

  /** What a new room is called. */
  get title(): string {
    return this.#title.value.trim();
  }

  /** Writes a room into the form. */
  choose(room: ID): void {
    this.#room.value = written(room);
  }

  /** Writes what a link says. */
  write(room: string): void {
    this.#room.value = room;
  }

  /** From the start on nothing can be changed. The focus goes to the button that can end it. */
  enable(on: boolean): void {
    const focused = this.#entry.contains(document.activeElement);
    this.#entry.disabled = !on;
    if (focused) find("button", "room-join").focus();
  }

  /** Makes place for the pictures while we are in a room. */
  fold(on: boolean): void {
    for (const element of [this.#lead, this.#entry, this.#show, this.#rooms, this.#keep]) element.hidden = on;
  }
}

/** Writes a room as people do; digits that are a name are in quotes. */
export function written(room: ID): string {
  return typeof room === "string" && /^\d+$/.test(room) ? `"${room}"` : String(room);
}

/** Ids have up to 64 bits. */
function number(digits: string): ID {
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : BigInt(digits);
}
