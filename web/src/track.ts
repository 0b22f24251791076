import type { JanusError } from "./errors.js";
import { ended } from "./ended.js";
import { Remote, type Runtime } from "./runtime.js";
import type { Sink } from "./sink.js";
import type { Codec, Kind } from "./types.js";

/** @internal */
export interface TrackData {
  ref: number;
  id: string;
  streamId: string;
  mid: string;
  kind: Kind;
  codec: Codec;
}

/** A remote track. It is drained while it has no sink. */
export class Track extends Remote {
  readonly id: string;
  readonly streamId: string;
  /** The m-line the track came on. */
  readonly mid: string;
  readonly kind: Kind;
  readonly codec: Codec;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(runtime: Runtime, data: TrackData) {
    super(runtime, data.ref);
    this.id = data.id;
    this.streamId = data.streamId;
    this.mid = data.mid;
    this.kind = data.kind;
    this.codec = data.codec;
  }

  /** Starts delivering the track to a sink instead of the one before; nothing drains it. */
  async attach(sink?: Sink): Promise<void> {
    await this.ask("track.attach", undefined, [sink]);
    void this.closed.then(() => sink); // it lives as long as the track: the next to ask for its element gets it
  }

  /** Returns the browser's own track. Use it for what this package lacks. */
  native(): Promise<MediaStreamTrack> {
    return this.ask("track.native");
  }

  /** Settles when the track has ended. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "track.done"));
  }
}
