import type { ID } from "bifrons";

/** Everything the user can set. */
export interface Settings {
  /** Ours, and how others write to us. */
  readonly name: string;
  readonly room: ID;
  /** Empty: none. */
  readonly pin: string;
  /** Whom messages go to; empty: everybody. */
  readonly to: string;
}

/** The id of a room as somebody typed it: most gateways count their rooms, some name them. */
export function roomOf(typed: string): ID {
  const text = typed.trim();
  if (!/^\d+$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
