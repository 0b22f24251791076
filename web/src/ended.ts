import { JanusError } from "./errors.js";
import type { Remote } from "./runtime.js";

/** @internal Waits for the end of an object; one that was closed or is forgotten has no reason to give. */
export async function ended(object: Remote, op: string): Promise<JanusError | undefined> {
  if (object.hold.count === 0) return undefined;
  try {
    const why = await object.ask<object | undefined>(op);
    return why && JanusError.from(why);
  } catch (error) {
    return error as JanusError; // the program is gone, and everything with it
  }
}
