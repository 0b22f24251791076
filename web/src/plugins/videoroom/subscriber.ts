import type * as gen from "../../gen/videoroom.js";
import type { CallOptions } from "../../runtime.js";
import { RoomHandle } from "./manage.js";

/**
 * A handle that receives feeds of a room over one connection:
 * {@link VideoRoom.subscribe} makes it. It answers the gateway's offers by itself;
 * changes wait for each other. A subscription ends with its connection, after
 * which calls fail with an error of kind "state": detach the handle then.
 */
export class Subscriber extends RoomHandle {
  /** The m-lines of the subscription in the order of the description, those without media included. */
  streams(): Promise<gen.SubscriberStream[]> {
    return this.ask("subscriber.streams");
  }

  /** What comes on the m-line of a {@link Track}; nothing when there is none. */
  async stream(mid: string): Promise<gen.SubscriberStream | undefined> {
    return (await this.streams()).find((stream) => stream.mid === mid);
  }

  /**
   * Subscribes to more and gives up some of what there is, with one negotiation,
   * and returns when the connection is so. A stream that is there already is not
   * noticed by the gateway: it would come twice.
   */
  update(add: gen.Subscription[], drop: gen.Unsubscription[], options?: CallOptions): Promise<void> {
    return this.ask("subscriber.update", { add, drop }, [], options);
  }

  /** Subscribes to more. */
  add(streams: gen.Subscription[], options?: CallOptions): Promise<void> {
    return this.ask("subscriber.add", { add: streams }, [], options);
  }

  /** Gives up some of what there is. */
  unsubscribe(streams: gen.Unsubscription[], options?: CallOptions): Promise<void> {
    return this.ask("subscriber.unsubscribe", { drop: streams }, [], options);
  }

  /** Puts m-lines of other feeds where some of the subscription are, without a negotiation unless a codec changes. */
  switch(streams: gen.SwitchStream[], options?: CallOptions): Promise<void> {
    return this.ask("subscriber.switch", { switch: streams }, [], options);
  }

  /** Changes how m-lines are relayed, such as which layer, without a negotiation. */
  configure(streams: gen.ConfigureStream[], options?: CallOptions): Promise<void> {
    return this.ask("subscriber.configure", { configure: streams }, [], options);
  }

  /** Has the gateway relay nothing until `resume`. */
  pause(options?: CallOptions): Promise<void> {
    return this.ask("subscriber.pause", undefined, [], options);
  }

  /** Ends a pause. */
  resume(options?: CallOptions): Promise<void> {
    return this.ask("subscriber.resume", undefined, [], options);
  }

  /** Has the gateway make a new offer, and answers it. */
  renegotiate(options?: CallOptions): Promise<void> {
    return this.ask("subscriber.renegotiate", undefined, [], options);
  }

  /** Renegotiates with new ICE credentials, which finds a new way through the network. */
  restart(options?: CallOptions): Promise<void> {
    return this.ask("subscriber.restart", undefined, [], options);
  }

  /** Ends the subscription and its connection. The handle cannot be used again: detach it. */
  leave(options?: CallOptions): Promise<void> {
    return this.ask("subscriber.leave", undefined, [], options);
  }
}
