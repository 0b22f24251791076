import type * as gen from "../../gen/videoroom.js";
import type { Attached } from "../../handle.js";
import type { Peer } from "../../peer.js";
import type { CallOptions } from "../../runtime.js";
import type { Session } from "../../session.js";
import type { ID } from "../../types.js";
import type { JoinReply } from "./events.js";
import { RoomHandle } from "./manage.js";

/**
 * A handle that joined a room: {@link VideoRoom.join} makes it. It sees who comes
 * and goes, and may publish. When the session is rebuilt it joins again; to
 * publish again is up to its user. A {@link Room} does both.
 */
export class Publisher extends RoomHandle {
  /** What there was to know on entering. */
  readonly joined: JoinReply;

  /** @internal */
  constructor(session: Session, attached: Attached, origin: RoomHandle, joined: JoinReply) {
    super(session, attached, origin);
    this.joined = joined;
  }

  /** The id of the room. */
  get room(): ID {
    return this.joined.room;
  }

  /** Our id in the room. */
  get self(): ID {
    return this.joined.id;
  }

  /** What the subscribers of the same user give in rooms with `require_pvtid`. A rebuild of the session changes it. */
  privateId(): Promise<number> {
    return this.ask("publisher.privateId");
  }

  /**
   * Takes an offer from the peer, sends it with the settings, and gives the answer
   * to the peer. The others get "videoroom.published" when the connection is up.
   *
   * When it fails it hangs up, and a new peer can try again. A room with enough
   * publishers gives `Codes.ErrPublishersFull`.
   */
  publish(request: gen.PublishRequest, peer: Peer, options?: CallOptions): Promise<gen.PublishReply> {
    return this.ask("publisher.publish", request, [peer], options);
  }

  /** Makes a new offer, after tracks were added to the peer or removed. When it fails, everything goes on as it was. */
  renegotiate(options?: CallOptions): Promise<gen.PublishReply> {
    return this.ask("publisher.renegotiate", undefined, [], options);
  }

  /** Renegotiates with new ICE credentials, which finds a new way through the network. */
  restart(options?: CallOptions): Promise<gen.PublishReply> {
    return this.ask("publisher.restart", undefined, [], options);
  }

  /** Changes how we publish, without a negotiation, now or ahead of `publish`. The codecs do nothing here. */
  configure(request: gen.PublishRequest, options?: CallOptions): Promise<void> {
    return this.ask("publisher.configure", request, [], options);
  }

  /** Stops publishing and stays in the room. It returns when the gateway has closed the connection. */
  unpublish(options?: CallOptions): Promise<void> {
    return this.ask("publisher.unpublish", undefined, [], options);
  }

  /** Leaves the room and ends the connection. The handle cannot join again: detach it. */
  leave(options?: CallOptions): Promise<void> {
    return this.ask("publisher.leave", undefined, [], options);
  }
}
