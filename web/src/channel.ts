import { JanusError } from "./errors.js";
import { ended } from "./ended.js";
import { Remote, type CallOptions, type Runtime } from "./runtime.js";
import { Turns } from "./turns.js";

/** @internal */
export interface ChannelData {
  ref: number;
  label: string;
  protocol: string;
}

/**
 * A data channel. Messages arrive in order; up to 4096 of them, or 4 MiB, wait
 * for a reader that is slow, then the oldest go and one `receive` says so.
 */
export class DataChannel extends Remote implements AsyncIterable<string | Uint8Array>, AsyncDisposable {
  readonly label: string;
  /** The subprotocol. */
  readonly protocol: string;
  readonly #sending = new Turns();
  readonly #receiving = new Turns();
  /** What came together with the last message. A number says how many were dropped there. */
  #received: (string | Uint8Array | number)[] = [];
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(runtime: Runtime, data: ChannelData) {
    super(runtime, data.ref);
    this.label = data.label;
    this.protocol = data.protocol;
  }

  /** Settles when the channel is open, or was closed before. */
  opened(options?: CallOptions): Promise<void> {
    return this.ask("channel.opened", undefined, [], options);
  }

  /**
   * Sends a message, as text or as binary, after those before it. It waits until
   * the channel is open, and while more than 1 MiB waits to be sent; it returns
   * when the message is queued, and the bytes must not change before.
   */
  send(message: string | ArrayBuffer | ArrayBufferView, options: CallOptions = {}): Promise<void> {
    return this.#sending.take("channel.send", options, (o) => this.ask("channel.send", undefined, [message], o));
  }

  /** Waits for the next message. Once the channel is closed it fails with kind "closed". */
  receive(options: CallOptions = {}): Promise<string | Uint8Array> {
    return this.#receiving.take("channel.receive", options, async (o) => {
      if (this.#received.length === 0) this.#received = await this.ask("channel.receive", undefined, [], o);
      const message = this.#received.shift()!;
      if (typeof message !== "number") return message;
      const text = `the reader was too slow, and ${message} messages are gone`;
      throw new JanusError({ kind: "media", op: "channel.receive", message: text });
    });
  }

  /** Yields messages until the channel is closed. */
  [Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array, void, undefined> {
    return this.messages();
  }

  /** Yields messages, as a loop over the channel itself does; a signal ends it with its reason. */
  async *messages(options: { signal?: AbortSignal } = {}): AsyncGenerator<string | Uint8Array, void, undefined> {
    for (;;) {
      try {
        yield await this.receive(options);
      } catch (error) {
        if (error instanceof JanusError && error.kind === "closed") return;
        throw error;
      }
    }
  }

  /** Settles when the channel has closed. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "channel.done"));
  }

  /** Closes the channel. What was queued is still sent. */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("channel.close");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
