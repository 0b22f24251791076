import { JanusError } from "./errors.js";
import type { CallOptions } from "./runtime.js";

/** @internal Waits for a promise as far as the options allow. What it stands for goes on. */
export function within<T>(promise: Promise<T>, { signal, timeoutMs }: CallOptions, op: string): Promise<T> {
  if (!signal && timeoutMs === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal!.reason);
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    const late = () => reject(new JanusError({ kind: "timeout", op, message: `${op}: nothing within ${timeoutMs} ms` }));
    const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  });
}
