import type { Choice } from "../choice.js";

/** Everything the user can set. */
export interface Settings {
  readonly name: string;
  /** Who was called last; empty: nobody was. */
  readonly whom: string;
  readonly video: Choice;
  readonly audio: Choice;
}
