import type { JanusError } from "../../errors.js";
import type { HandleEvent } from "../../events.js";
import type * as gen from "../../gen/textroom.js";

/** A room was joined again on a new connection, after the one before was lost. With `err` it was not, and will not be. */
export interface Rejoined extends Omit<gen.Rejoined, "err"> {
  err?: JanusError;
}

/**
 * Our name was in use when a room was to be joined again, by what the gateway
 * still takes for us as a rule. `takenOver`: who had it was kicked, and we have it
 * again; else we are called `as` there, and `err` says why, if the secret was given.
 */
export interface Ghost extends Omit<gen.Ghost, "err"> {
  err?: JanusError;
}

/**
 * The session was claimed after the connection was lost, and the rooms were
 * compared with what is known of them: what was missed came as ordinary events.
 */
export interface Resynced extends Omit<gen.Resynced, "err"> {
  err?: JanusError;
}

/** Messages came faster than they were read, and some are missing before the next event. */
export interface Lost extends Omit<gen.Lost, "err"> {
  err: JanusError;
}

/** A refusal nobody waits for: its request was given up, or sent without `ack`. Or a message that cannot be read. */
export interface Refused extends Omit<gen.Error, "err"> {
  err: JanusError;
}

/** What a handle of the text room, and the chat over it, may tell. */
export type TextRoomEvent =
  | HandleEvent
  | gen.Joined
  | gen.Left
  | gen.Message
  | gen.Announcement
  | gen.Kicked
  | gen.Destroyed
  | Rejoined
  | Ghost
  | Resynced
  | Lost
  | Refused;
