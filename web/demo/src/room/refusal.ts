import { JanusError } from "bifrons";
import { Codes } from "bifrons/plugins/videoroom";
import type { Problem } from "../problem.js";
import type { Entry } from "./stay.js";

/** What the room was asked for. */
export type Request = "join" | "publish" | "create" | "look after";

/** Says why the room refused, and what helps; undefined: it is no refusal of a room. */
export function refusal(error: unknown, asked: Request, { room, pin }: Pick<Entry, "room" | "pin">): Problem | undefined {
  if (!(error instanceof JanusError) || error.kind !== "plugin") return undefined;
  const is = (title: string, fix: string, mild = false): Problem => ({ title, fix, detail: error.message, mild });
  switch (error.code) {
    case Codes.ErrNoSuchRoom:
      return is(`There is no room ${room}`, "Show the rooms and choose one, or make this one.");
    case Codes.ErrMissingElement:
    case Codes.ErrUnauthorized:
      if (asked === "look after") return is("That is not the secret of the room", "Leave, write the secret it was made with, and join again.");
      if (asked === "create") return is("This gateway lets nobody make rooms", "Its owner gives the admin key to those who may: use a room that is there.");
      return pin
        ? is(`The pin of room ${room} is another one`, "Ask whoever made the room, and write it above.")
        : is(`Room ${room} wants a pin`, "Ask whoever made the room, and write it above.");
    case Codes.ErrPublishersFull:
      return is("The room is full: nobody else may send", "You are in it and see the others. When one of them stops, leave and join again.", true);
    case Codes.ErrRoomExists:
      return is(`Room ${room} is there already`, "Join it, or make one without saying its number.");
    case Codes.ErrInvalidElement:
      return is(`${room || "Nothing"} is no room of this gateway`, "Rooms have numbers, such as 1234, or names where the gateway is set to that: show the rooms and choose one.");
    case Codes.ErrNoSuchFeed:
      return is("They have just gone", "There is nothing to do.", true);
    default:
      return undefined;
  }
}

/** Says why we are not in the room any more; undefined: for no reason of the room. */
export function ending(why: JanusError, room: Entry["room"]): Problem | undefined {
  const is = (title: string, fix: string): Problem => ({ title, fix, detail: why.message, mild: false });
  switch (why.kind) {
    case "kicked":
      return is(`You were removed from room ${room}`, "Somebody who looks after it did that. You may join again, if they let you.");
    case "destroyed":
      return is(`Room ${room} was closed`, "Choose another room, or make one.");
    default:
      return undefined;
  }
}
