import type { TextRoomEvent } from "bifrons/plugins/textroom";
import { describe, said, type Told } from "../describe.js";

/** Says what an event of a text room means. */
export function describeText(event: TextRoomEvent): Told {
  const plugin = (text: string, bad = false): Told => ({ speaker: "plugin", text, bad });
  switch (event.kind) {
    case "textroom.joined":
      return plugin(`${event.display || event.username} is in room ${event.room}`);
    case "textroom.left":
      return plugin(`${event.username} left room ${event.room}`);
    case "textroom.message":
      return plugin(`${event.from} wrote${event.whisper ? " to you alone" : ""}: ${event.text}`);
    case "textroom.announcement":
      return plugin(`It was announced: ${event.text}`);
    case "textroom.kicked":
      return plugin(`${event.username} was removed from room ${event.room}`);
    case "textroom.destroyed":
      return plugin(`Room ${event.room} was closed`);
    case "textroom.rejoined":
      return plugin(event.err ? `Room ${event.room} cannot be joined again: ${said(event.err)}` : `In room ${event.room} again`, event.err !== undefined);
    case "textroom.ghost":
      return plugin(`${event.username} was in use in room ${event.room}: you are ${event.as}${event.takenOver ? " again" : ""}`, !event.takenOver);
    case "textroom.resynced":
      return plugin(`The rooms were compared: ${event.joined} came and ${event.left} left unseen${event.err ? `; ${said(event.err)}` : ""}`, event.err !== undefined);
    case "textroom.lost":
      return plugin(`Some messages were missed: ${said(event.err)}`, true);
    case "textroom.error":
      return plugin(said(event.err), true);
    default:
      return describe(event);
  }
}
