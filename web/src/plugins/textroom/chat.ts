import { ended } from "../../ended.js";
import type { JanusError } from "../../errors.js";
import type * as gen from "../../gen/textroom.js";
import type { Peer } from "../../peer.js";
import { Remote, type CallOptions } from "../../runtime.js";
import type { ID } from "../../types.js";
import type { TextRoomEvent } from "./events.js";
import type { TextRoom } from "./handle.js";
import { Rooms } from "./rooms.js";

/**
 * Takes part in rooms, in many at once if need be; {@link TextRoom.open} makes it.
 *
 * What happens in them are events of its handle, and a loop over the chat is one
 * over those: it goes on when the chat has ended without `stop`, so that `open` can
 * be called in it. It ends with `stop`, and with the handle.
 */
export class Chat extends Remote implements AsyncIterable<TextRoomEvent>, AsyncDisposable {
  /** The handle it was opened from. */
  readonly handle: TextRoom;
  /** Manages the rooms of the gateway. */
  readonly rooms = new Rooms(this);
  readonly #own: Peer | undefined;
  readonly #loops = new Set<() => void>();
  #stopped = false;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(handle: TextRoom, ref: number, own: Peer | undefined) {
    super(handle.runtime, ref);
    this.handle = handle;
    this.#own = own;
  }

  /**
   * Enters a room and returns who else is in it. The events begin with the
   * messages the room has kept, then comes one's own "textroom.joined".
   */
  join(request: gen.JoinRequest, options?: CallOptions): Promise<gen.Participant[]> {
    return this.ask("textroom.join", request, [], options);
  }

  /** Leaves a room. */
  leave(room: ID, options?: CallOptions): Promise<void> {
    return this.ask("textroom.leave", { room }, [], options);
  }

  /**
   * Says something: to everybody in a room, who get a "textroom.message" as the
   * sender does, or in private to those it names. Somebody who is not there is no
   * error; `sent` of the result says whom a private message reached.
   */
  message(request: gen.MessageRequest, options?: CallOptions): Promise<gen.Sent> {
    return this.ask("textroom.message", request, [], options);
  }

  /** Renews the ICE credentials of both sides, which finds a new way through the network. */
  restart(options?: CallOptions): Promise<void> {
    return this.ask("textroom.restart", undefined, [], options);
  }

  /** Yields events, as a loop over the chat itself does; a signal ends it with its reason. */
  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<TextRoomEvent, void, undefined> {
    const over = new AbortController();
    const end = () => over.abort(signal?.reason);
    if (signal?.aborted || this.#stopped) end();
    this.#loops.add(end);
    signal?.addEventListener("abort", end);
    try {
      yield* this.handle.events({ signal: over.signal });
    } catch (error) {
      if (!this.#stopped || signal?.aborted) throw error;
    } finally {
      this.#loops.delete(end);
      signal?.removeEventListener("abort", end);
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<TextRoomEvent, void, undefined> {
    return this.events();
  }

  /** Settles when the connection has ended: with nothing after `stop`, else with the reason, such as the gateway's hangup. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "textroom.done").then((why) => (this.#stopped ? undefined : why)));
  }

  /** Leaves every room and ends the connection, and waits until the gateway has confirmed it. The next `open` joins nothing. */
  async stop(options?: CallOptions): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    this.#stopped = true;
    await this.ask("textroom.stop", undefined, [], options);
    for (const end of this.#loops) end();
    this.runtime.drop(this);
    await this.#own?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
