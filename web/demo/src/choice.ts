import type { Kind } from "bifrons";

/**
 * Where a picture or a sound comes from: "none", "built-in" (a clock and a tone
 * that the page makes), "screen", or "device:" and the id of a device, which is
 * empty for the default one.
 */
export type Choice = string;

/** What to open. */
export type Want = Partial<Record<Kind, Choice>>;

/** The id of a device that was chosen; undefined: no device was. */
export function deviceId(choice: Choice): string | undefined {
  return choice.startsWith("device:") ? choice.slice("device:".length) : undefined;
}
