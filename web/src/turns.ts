import type { CallOptions } from "./runtime.js";
import { within } from "./within.js";

/** @internal Lets calls go one after the other, in the order in which they were made. */
export class Turns {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Makes a call when those before it are over. What it waits counts for its timeout. */
  take<T>(op: string, options: CallOptions, call: (options: CallOptions) => Promise<T>): Promise<T> {
    const mine = this.#waiting++ === 0 ? call(options) : this.#queued(op, options, call);
    const done = () => void this.#waiting--;
    mine.then(done, done);
    this.#last = Promise.allSettled([this.#last, mine]);
    return mine;
  }

  async #queued<T>(op: string, options: CallOptions, call: (options: CallOptions) => Promise<T>): Promise<T> {
    const start = performance.now();
    await within(this.#last, options, op);
    const { timeoutMs } = options;
    return call(timeoutMs === undefined ? options : { ...options, timeoutMs: Math.max(0, timeoutMs - (performance.now() - start)) });
  }
}
