import { JanusError, type ID } from "bifrons";
import { Codes, VideoRoom, type CreateRequest, type RoomInfo } from "bifrons/plugins/videoroom";
import { button, find, make } from "../elements.js";
import type { Connection } from "../shell/connection.js";

/** What a request to the gateway may take, in milliseconds. */
const timeoutMs = 10_000;

/** The rooms of the gateway: the list of them, and how to make one. */
export class Rooms {
  readonly #connection: Connection;
  readonly #list = find("ul", "room-rooms");
  readonly #chosen: (room: ID) => void;
  /** Whether the gateway was reached, the last time. */
  reached = false;

  /** `chosen` is called with the room that the user picks from the list. */
  constructor(connection: Connection, chosen: (room: ID) => void) {
    this.#connection = connection;
    this.#chosen = chosen;
  }

  /** Asks for the rooms and shows them. */
  async show(): Promise<void> {
    const rooms = await this.#ask((handle) => handle.list({ timeoutMs }));
    this.#list.replaceChildren(...rooms.map((room) => this.#item(room)));
    if (rooms.length === 0) this.#list.append(make("li", "hint", "There is no room yet that everybody may see: make one."));
  }

  /** Makes a room in which there is all to see that this page can show, and returns its id. */
  async create(request: CreateRequest): Promise<ID> {
    const all = { publishers: 12, notify_joining: true, audiolevel_event: true, audio_active_packets: 25, audio_level_average: 45, ...request };
    return this.#ask(async (handle) => {
      if (all.room === undefined) {
        // A number that people can remember. Where it is taken, or must be a name, the gateway finds one.
        const room = 1000 + Math.floor(9000 * Math.random());
        const made = await handle.create({ ...all, room }, { timeoutMs }).catch(taken);
        if (made) return made.room;
      }
      return (await handle.create(all, { timeoutMs })).room;
    });
  }

  /** Asks with a handle of its own, which needs no membership. */
  async #ask<T>(f: (handle: VideoRoom) => Promise<T>): Promise<T> {
    this.reached = false;
    const line = await this.#connection.use();
    this.reached = true;
    try {
      const handle = await line.session.attach(VideoRoom, { timeoutMs });
      try {
        return await f(handle);
      } finally {
        await handle.detach({ timeoutMs }).catch(() => {}); // it ends with the session at the latest
      }
    } finally {
      await line.release();
    }
  }

  #item({ room, description, num_participants, max_publishers, pin_required }: RoomInfo): HTMLLIElement {
    const people = num_participants === 1 ? "1 person" : `${num_participants} people`;
    const text = `${people}, ${max_publishers} may send${pin_required ? ", with a pin" : ""}`;
    const choose = button("", "", () => this.#chosen(room));
    choose.append(make("b", "", `${room} · ${description}`), make("span", "", text));
    return make("li", "", choose);
  }
}

/** Takes an error for an answer that says: not that id. */
function taken(error: unknown): void {
  const codes: unknown[] = [Codes.ErrRoomExists, Codes.ErrInvalidElement];
  if (!(error instanceof JanusError) || error.kind !== "plugin" || !codes.includes(error.code)) throw error;
}
