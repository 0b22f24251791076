import { JanusError } from "../../errors.js";
import * as gen from "../../gen/videoroom.js";
import type { Attached } from "../../handle.js";
import type { Peer } from "../../peer.js";
import type { CallOptions } from "../../runtime.js";
import { whole, type JoinReply, type VideoRoomEvent } from "./events.js";
import { RoomHandle } from "./manage.js";
import { Publisher } from "./publisher.js";
import { Subscriber } from "./subscriber.js";

/**
 * An attachment to janus.plugin.videoroom, which manages rooms:
 *
 * ```ts
 * const admin = await session.attach(VideoRoom);
 * const { room } = await admin.create({ description: "Lunch", publishers: 6 });
 * for (const { room, num_participants } of await admin.list()) console.log(room, num_participants);
 * ```
 *
 * `join` makes it a {@link Publisher} and `subscribe` a {@link Subscriber}: one of
 * the two, and for good; a second try gives `Codes.ErrAlreadyJoined`. Use that in
 * its place then. The events come there, and a loop over this one ends.
 *
 * For being in a room a {@link Room} is what most pages want.
 *
 * https://janus.conf.meetecho.com/docs/videoroom.html
 */
export class VideoRoom extends RoomHandle {
  static readonly plugin = gen.Plugin;
  /** @internal */
  static readonly attach = "videoroom.attach";

  #reading: { stop: AbortController; over: Promise<unknown> } | undefined;
  #becoming: Promise<void> | undefined;
  #heir: RoomHandle | undefined;

  /** @internal One of the two reads the events of the gateway's handle, never both. */
  protected override async pull(): Promise<VideoRoomEvent> {
    for (;;) {
      while (this.#becoming) await this.#becoming;
      if (this.#heir) {
        const message = "this handle has a role now: read the events of what join or subscribe returned";
        throw new JanusError({ kind: "closed", op: "next", message });
      }
      const stop = new AbortController();
      const event = super.pull({ signal: stop.signal });
      this.#reading = { stop, over: event.catch(() => {}) };
      try {
        return await event;
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      } finally {
        this.#reading = undefined;
      }
    }
  }

  /** Gives the events to what this handle becomes, if it does. */
  #become<R extends RoomHandle>(make: () => Promise<R>): Promise<R> {
    const before = this.#becoming;
    const heir = (async () => {
      await before;
      this.#reading?.stop.abort();
      await this.#reading?.over;
      const made = await make();
      this.#heir = made;
      return made;
    })();
    const over = () => {
      if (this.#becoming === becoming) this.#becoming = undefined;
    };
    const becoming: Promise<void> = heir.then(over, over);
    this.#becoming = becoming;
    return heir;
  }

  #joined({ attached, reply }: { attached: Attached; reply: gen.JoinReply }): Publisher {
    const joined: JoinReply = { ...reply, publishers: whole(reply.publishers), attendees: reply.attendees ?? [] };
    return this.runtime.adopt(attached.ref, () => new Publisher(this.session, attached, this, joined));
  }

  /** Enters a room as somebody who may publish, which is also how to see who is in it. */
  join(request: gen.JoinRequest, options?: CallOptions): Promise<Publisher> {
    return this.#become(async () => this.#joined(await this.ask("videoroom.join", { join: request }, [], options)));
  }

  /**
   * Is `join` and {@link Publisher.publish} in one round trip. When it fails, the
   * handle may have joined and not publish: detach it.
   */
  joinAndPublish(join: gen.JoinRequest, publish: gen.PublishRequest, peer: Peer, options?: CallOptions): Promise<Publisher> {
    return this.#become(async () => this.#joined(await this.ask("videoroom.join", { join, publish }, [peer], options)));
  }

  /**
   * Enters a room to receive from feeds of it, over a peer that this handle has
   * made. Who subscribes is seen by nobody.
   */
  subscribe(request: gen.SubscribeRequest, peer: Peer, options?: CallOptions): Promise<Subscriber> {
    return this.#become(async () => {
      const attached = await this.ask<Attached>("videoroom.subscribe", request, [peer], options);
      return this.runtime.adopt(attached.ref, () => new Subscriber(this.session, attached, this));
    });
  }

  /** Ends the handle, in whatever role. */
  override async detach(options?: CallOptions): Promise<void> {
    await this.#heir?.detach(options);
    await super.detach(options);
  }
}
