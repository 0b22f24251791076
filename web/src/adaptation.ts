import type { Layer } from "./gen/adapt.js";
import { Remote } from "./runtime.js";

/**
 * Something that fits a stream to the network, until `stop`, or until its peer has closed.
 * `Peer.adaptSent` makes it, and `Peer.adaptReceived`.
 */
export class Adaptation extends Remote implements AsyncDisposable {
  /** Ends it: the last choice stays. */
  async stop(): Promise<void> {
    if (this.hold.count === 0) return;
    await this.ask("adapt.stop");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** An adaptation that chooses among the layers of simulcast. */
export class LayerAdaptation extends Adaptation {
  /**
   * Says how high the picture is shown, in pixels of the screen: more than that is not asked
   * for. 0, as at first: nobody knows.
   */
  shown(height: number): Promise<void> {
    return this.ask("adapt.shown", undefined, [height]);
  }
}

/** Sets a layer that was chosen. A choice that fails is tried again. */
export type SetLayer = (layer: Layer) => Promise<unknown> | void;
