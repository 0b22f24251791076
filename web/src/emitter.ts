import { JanusError } from "./errors.js";
import { Remote, type CallOptions } from "./runtime.js";

/** What all events have. */
export interface Kinded {
  kind: string;
}

/** How many events a reader that falls behind another may have waiting. */
const most = 1024;

/** @internal Ends of a stream that somebody asked for, here or there. */
const asked = new Set(["closed", "detached", "destroyed", "kicked"]);

/**
 * A stream of events, in the order the gateway sent them. Every `for await` loop
 * and every listener gets all of them, from the first one asked for on; what
 * comes before is kept, up to `DialOptions.eventBuffer` events.
 *
 * A loop ends when the object was closed or is gone, and throws when the
 * connection was lost.
 */
export abstract class Emitter<E extends Kinded> extends Remote implements AsyncIterable<E> {
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  readonly #readers = new Set<Reader<E>>();
  readonly #backlog: E[] = [];
  #puller: Reader<E> | undefined;
  #pumping = false;
  #ended: JanusError | undefined;

  /** @internal */
  protected abstract pull(options?: CallOptions): Promise<E>;

  /**
   * Calls `listener` for each event of a kind, or of every kind with "*".
   * Returns the function that ends it. What a listener throws goes to the page's
   * own `error` event.
   */
  on<K extends E["kind"]>(kind: K, listener: (event: Extract<E, { kind: K }>) => void): () => void;
  on(kind: "*", listener: (event: E) => void): () => void;
  on(kind: string, listener: (event: never) => void): () => void {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners);
    listeners.add(listener);
    this.#pump();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(kind) === listeners) this.#listeners.delete(kind);
    };
  }

  /** Waits for the next event. */
  next(options: CallOptions = {}): Promise<E> {
    if (!this.#puller) this.#readers.add((this.#puller = new Reader()));
    const event = this.#puller.take(options, this.#ended);
    this.#pump();
    return event;
  }

  [Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    return this.events();
  }

  /** Yields events, as a loop over the object itself does; a signal ends it with its reason. */
  async *events(options: { signal?: AbortSignal } = {}): AsyncGenerator<E, void, undefined> {
    const reader = new Reader<E>();
    this.#readers.add(reader);
    try {
      for (;;) {
        const event = reader.take(options, this.#ended);
        this.#pump();
        yield await event;
      }
    } catch (error) {
      if (error !== this.#ended || !asked.has((error as JanusError).kind)) throw error;
    } finally {
      this.#readers.delete(reader);
      if (this.#alone()) this.#backlog.unshift(...reader.left());
    }
  }

  #alone(): boolean {
    return this.#readers.size === 0 && this.#listeners.size === 0;
  }

  #wanted(): boolean {
    if (this.#ended) return false;
    if (this.#listeners.size > 0) return true;
    for (const reader of this.#readers) if (reader.waits) return true;
    return false;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    await Promise.resolve(); // those who register in the same breath get the same events
    while (this.#wanted()) {
      try {
        this.#deliver(this.#backlog.shift() ?? (await this.pull()));
      } catch (error) {
        this.#ended = error as JanusError;
        for (const reader of this.#readers) reader.end(this.#ended);
      }
    }
    this.#pumping = false;
  }

  #deliver(event: E): void {
    if (this.#alone()) {
      this.#backlog.push(event); // whoever wanted it has left
      return;
    }
    for (const reader of this.#readers) reader.give(event);
    for (const kind of [event.kind, "*"]) {
      for (const listener of [...(this.#listeners.get(kind) ?? [])]) {
        try {
          (listener as (event: E) => void)(event);
        } catch (error) {
          reportError(error);
        }
      }
    }
  }
}

/** One consumer of the stream. */
class Reader<E extends Kinded> {
  #queue: E[] = [];
  #dropped = 0;
  readonly #takers: { resolve(event: E): void; reject(reason: unknown): void }[] = [];

  get waits(): boolean {
    return this.#takers.length > 0;
  }

  take({ signal, timeoutMs }: CallOptions, ended: JanusError | undefined): Promise<E> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#dropped > 0) {
      const count = this.#dropped;
      this.#dropped = 0;
      return Promise.resolve({ kind: "dropped", session: 0, handle: 0, count } as Kinded as E);
    }
    const event = this.#queue.shift();
    if (event) return Promise.resolve(event);
    if (ended) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const abort = () => taker.reject(signal!.reason);
      const leave = () => {
        const i = this.#takers.indexOf(taker);
        if (i >= 0) this.#takers.splice(i, 1);
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const taker = {
        resolve: (event: E) => (leave(), resolve(event)),
        reject: (reason: unknown) => (leave(), reject(reason)),
      };
      this.#takers.push(taker);
      signal?.addEventListener("abort", abort);
      if (timeoutMs !== undefined) {
        const message = `no event within ${timeoutMs} ms`;
        timer = setTimeout(() => taker.reject(new JanusError({ kind: "timeout", op: "next", message })), timeoutMs);
      }
    });
  }

  give(event: E): void {
    const taker = this.#takers[0];
    if (taker) return taker.resolve(event);
    this.#queue.push(event);
    if (this.#queue.length > most) {
      this.#queue.shift();
      this.#dropped++;
    }
  }

  end(why: JanusError): void {
    for (const taker of [...this.#takers]) taker.reject(why);
  }

  left(): E[] {
    return this.#queue;
  }
}
