import { resolutions, type Kind, type Peer, type Sender, type Source } from "bifrons";
import type { Incoming } from "bifrons/plugins/videocall";
import type { Want } from "../choice.js";
import { openSources, type Opened } from "../sources.js";
import type { User } from "./user.js";

/** One call, or what is to become one. */
export class Call {
  /** Who is on the other side. */
  readonly whom: string;
  readonly opened: Opened;
  readonly #user: User;
  readonly #peer: Peer;
  readonly #senders: Partial<Record<Kind, Sender>> = {};

  private constructor(user: User, whom: string, opened: Opened, peer: Peer) {
    this.#user = user;
    this.whom = whom;
    this.opened = opened;
    this.#peer = peer;
  }

  /** Opens what is to be sent. */
  static async prepare(user: User, whom: string, want: Want, signal: AbortSignal): Promise<Call> {
    const opened = await openSources(user.line.bifrons, want, resolutions["stdres-16:9"], signal);
    try {
      const call = new Call(user, whom, opened, await user.handle.newPeer());
      for (const source of call.#sources()) call.#senders[source.kind] = await call.#peer.add(source);
      return call;
    } catch (error) {
      await Promise.allSettled(Object.values(opened.sources).map((source) => source.close()));
      throw error;
    }
  }

  #sources(): Source[] {
    return Object.values(this.opened.sources);
  }

  /** Has it ring on the other side. */
  async ring(signal: AbortSignal): Promise<void> {
    for (const kind of ["video", "audio"] as const) if (!this.#senders[kind]) await this.#peer.receive(kind);
    await this.#user.handle.call(this.whom, this.#peer, { signal, timeoutMs: 10_000 });
  }

  /** Accepts theirs. */
  async accept(incoming: Incoming, signal: AbortSignal): Promise<void> {
    await this.#user.handle.accept(incoming, this.#peer, { signal, timeoutMs: 10_000 });
  }

  async mute(kind: Kind, muted: boolean): Promise<void> {
    await this.#senders[kind]?.mute(muted);
  }

  /** Lets go of the devices. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#peer.close(), ...this.#sources().map((source) => source.close())]);
  }
}
