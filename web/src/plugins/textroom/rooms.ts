import type * as gen from "../../gen/textroom.js";
import type { CallOptions, Remote } from "../../runtime.js";
import type { ID } from "../../types.js";

/**
 * Manages the rooms of the gateway. That of a handle does it over the
 * Janus API, which needs neither a chat nor a membership, that of a chat
 * over its data channel. Refusals are the same: a `JanusError` of kind "plugin",
 * whose code is one of `Codes`.
 */
export class Rooms {
  readonly #over: Remote;

  /** @internal */
  constructor(over: Remote) {
    this.#over = over;
  }

  /** Lists the rooms; with the gateway's `adminKey`, the private ones too. */
  list(options: CallOptions & { adminKey?: string } = {}): Promise<gen.Room[]> {
    const { adminKey, ...call } = options;
    return this.#over.ask("textroom.list", { adminKey }, [], call);
  }

  /** Whether there is such a room, private or not. */
  exists(room: ID, options?: CallOptions): Promise<boolean> {
    return this.#over.ask("textroom.exists", { room }, [], options);
  }

  /** Lists who is in a room. */
  participants(room: ID, options?: CallOptions): Promise<gen.Participant[]> {
    return this.#over.ask("textroom.participants", { room }, [], options);
  }

  /** Makes a room. Without an id the gateway chooses one. */
  create(request: gen.CreateRequest = {}, options?: CallOptions): Promise<gen.Result> {
    return this.#over.ask("textroom.create", request, [], options);
  }

  /** Changes a room. A wrong secret is refused with `Codes.ErrUnauthorized`, here and in what follows. */
  edit(request: gen.EditRequest, options?: CallOptions): Promise<gen.Result> {
    return this.#over.ask("textroom.edit", request, [], options);
  }

  /** Removes a room. Everybody in it gets "textroom.destroyed". */
  destroy(request: gen.DestroyRequest, options?: CallOptions): Promise<gen.Result> {
    return this.#over.ask("textroom.destroy", request, [], options);
  }

  /** Changes which tokens may join a room, and returns those that may from then on; Janus returns none after "disable". */
  allowed(request: gen.AllowedRequest, options?: CallOptions): Promise<string[]> {
    return this.#over.ask("textroom.allowed", request, [], options);
  }

  /** Removes somebody from a room, who may join again. Everybody in it gets "textroom.kicked". */
  kick(request: gen.KickRequest, options?: CallOptions): Promise<void> {
    return this.#over.ask("textroom.kick", request, [], options);
  }

  /** Says something to everybody in a room, in nobody's name. */
  announce(request: gen.AnnouncementRequest, options?: CallOptions): Promise<void> {
    return this.#over.ask("textroom.announce", request, [], options);
  }
}
