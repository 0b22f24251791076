import type { ID } from "bifrons";

/** Somebody in the room, as the page shows them. */
export interface Person {
  readonly id: ID;
  readonly name: string;
  /** Whether it is us. */
  readonly own: boolean;
  /** Sends something; else they only watch. */
  readonly publishes: boolean;
  readonly talking: boolean;
  /** No sound comes from them, or no picture: they or somebody who looks after the room turned it off. */
  readonly muted: boolean;
  readonly hidden: boolean;
  /** Sends a second picture, such as a screen. */
  readonly shares: boolean;
  /** Whether we have them relayed at the moment. */
  readonly paused: boolean;
  /** The gateway keeps their sound, or their picture, back for everybody. */
  readonly moderated: { readonly audio: boolean; readonly video: boolean };
  /** The layer that comes, from 0 to 2; undefined: they send one size. */
  readonly layer: number | undefined;
  /** The layer that we asked for. */
  readonly wanted: number;
}

/** Names a person among the elements of the page; a number and a string are not the same. */
export function keyOf(id: ID): string {
  return `${typeof id === "string" ? "s" : "n"}${id}`;
}

/** Says in words what a person does at the moment. */
export function doing(person: Person): string {
  if (!person.publishes) return "only watches";
  const words = [
    person.talking && !person.muted && "talks",
    person.paused && "paused by you",
    person.moderated.audio ? "silenced for everybody" : person.muted && "muted",
    person.moderated.video ? "hidden for everybody" : person.hidden && "no picture",
    person.shares && "shares a screen",
  ];
  return words.filter(Boolean).join(", ");
}
