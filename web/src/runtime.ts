import { JanusError } from "./errors.js";
import { parse, stringify } from "./json.js";
import type { Usage } from "./usage.js";

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up; the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds until the call fails with a {@link JanusError} of kind
   * "timeout". Default: none, but requests to the gateway have
   * `DialOptions.requestTimeoutMs`.
   */
  timeoutMs?: number | undefined;
}

/** @internal The one function of the program: see wasm/dispatch.go. */
export type Dispatch = (
  op: string,
  ref: number,
  body: string | undefined,
  values: unknown[],
  signal: AbortSignal | undefined,
  timeoutMs: number,
) => Promise<unknown>;

/** @internal One running program and the objects it has given out. */
export class Runtime {
  readonly #dispatch: Dispatch;
  /** What can be seen of the program from outside. */
  readonly held: () => Pick<Usage, "memory" | "values">;
  readonly #waiting = new Set<(reason: JanusError) => void>();
  readonly #live = new Map<number, WeakRef<Remote>>();
  readonly #lost = new FinalizationRegistry<Hold>((hold) => this.#release(hold));
  #end: JanusError | undefined;

  constructor(dispatch: Dispatch, held: () => Pick<Usage, "memory" | "values">) {
    this.#dispatch = dispatch;
    this.held = held;
  }

  /** Ends all calls, present and future: the program is gone. */
  exited(why: JanusError): void {
    this.#end ??= why;
    for (const reject of this.#waiting) reject(why);
    this.#waiting.clear();
  }

  /** Makes a call. The body crosses as JSON, the values as they are. */
  async call<T = void>(op: string, ref: number, body?: object, values: unknown[] = [], options: CallOptions = {}): Promise<T> {
    const { signal, timeoutMs } = options;
    signal?.throwIfAborted();
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      throw new JanusError({ kind: "argument", op, message: `timeoutMs is ${timeoutMs}; give milliseconds, 0 or more` });
    }
    if (this.#end) throw this.#end;
    let giveUp!: (reason: JanusError) => void;
    try {
      const result = await new Promise<unknown>((resolve, reject) => {
        giveUp = reject;
        this.#waiting.add(giveUp);
        this.#dispatch(op, ref, body && stringify(body), values.map(crossing), signal, timeoutMs ?? -1).then(resolve, reject);
      });
      return (typeof result === "string" ? parse(result) : result) as T;
    } catch (thrown) {
      const error = JanusError.from(thrown, op);
      if (error.kind === "aborted" && signal?.aborted) throw signal.reason;
      throw error;
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /** Returns the object for a reference the program gave out, the same one for the same thing. */
  adopt<T extends Remote>(ref: number, make: () => T): T {
    const known = this.#live.get(ref)?.deref() as T | undefined;
    const object = known ?? make();
    if (!known) {
      this.#live.set(ref, new WeakRef(object));
      this.#lost.register(object, object.hold, object);
    }
    object.hold.count++;
    return object;
  }

  /** Returns every reference to an object: it was closed. */
  drop(object: Remote): void {
    this.#lost.unregister(object);
    if (this.#live.get(object.hold.ref)?.deref() === object) this.#live.delete(object.hold.ref);
    this.#release(object.hold);
  }

  #release(hold: Hold): void {
    if (hold.count === 0) return;
    const { ref, count } = hold;
    hold.count = 0;
    if (!this.#live.get(ref)?.deref()) this.#live.delete(ref);
    if (!this.#end) void this.#dispatch("release", ref, undefined, [count], undefined, -1).catch(() => {});
  }
}

/** How often the program gave out a reference to one object. */
interface Hold {
  readonly ref: number;
  count: number;
}

/** Something that lives in the program. */
export abstract class Remote {
  /** @internal */
  readonly runtime: Runtime;
  /** @internal */
  readonly hold: Hold;

  /** @internal */
  constructor(runtime: Runtime, ref: number) {
    this.runtime = runtime;
    this.hold = { ref, count: 0 };
  }

  /** @internal */
  ask<T = void>(op: string, body?: object, values?: unknown[], options?: CallOptions): Promise<T> {
    return this.runtime.call<T>(op, this.hold.ref, body, values, options);
  }
}

/** Objects cross as their reference. */
function crossing(value: unknown): unknown {
  return value instanceof Remote ? value.hold.ref : value;
}
