import type { ID, Kind } from "bifrons";
import type { Choice } from "../choice.js";
import type { Role } from "./form.js";
import type { Entry } from "./stay.js";

/** Everything that the programs of this tab depend on. */
export interface Settings extends Entry, Readonly<Record<Kind, Choice>> {
  readonly role: Role;
  readonly simulcast: boolean;
}

/** Writes a room's id in Go. */
export function goID(room: ID): string {
  return typeof room === "string" ? `client.StrID(${JSON.stringify(room)})` : `client.NumID(${room})`;
}

/** Writes a room's id in TypeScript. */
export function typescriptID(room: ID): string {
  return typeof room === "bigint" ? `${room}n` : JSON.stringify(room);
}

/** Where the picture comes from after all. */
export function videoOf({ role, video }: Settings): Choice {
  return role === "screen" ? "screen" : video;
}
