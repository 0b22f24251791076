import type { JanusError } from "./errors.js";
import { ended } from "./ended.js";
import type * as gen from "./gen/media.js";
import { Remote, type Runtime } from "./runtime.js";
import type { Kind } from "./types.js";

/** @internal */
export interface SourceData {
  ref: number;
  kind: Kind;
}

/** What a page can capture or play: one track to send. It belongs to the caller, who closes it. */
export class Source extends Remote implements AsyncDisposable {
  readonly kind: Kind;
  /** The browser's own track. Use it for what this package lacks; do not stop it. */
  readonly native: MediaStreamTrack;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(runtime: Runtime, data: SourceData, native: MediaStreamTrack) {
    super(runtime, data.ref);
    this.kind = data.kind;
    this.native = native;
  }

  /** Settles when the source has ended: it was closed, the file is over, or the user stopped sharing. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "source.done"));
  }

  /** Ends the source; the camera's light goes out. */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("source.close");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** What was captured, and what could not be: one missing device does not lose the other. */
export interface Captured {
  sources: Source[];
  /** One for each device that failed. */
  errors: JanusError[];
}

/** Says what to capture. What is left out is up to the device. */
export interface DeviceRequest extends Omit<gen.DeviceRequest, "facing" | "constraints"> {
  /** The camera on that side of a phone. */
  facing?: "user" | "environment";
  /** Merged over the rest, for what has no name here. */
  constraints?: MediaStreamConstraints;
}

/** Says what of a screen to capture. */
export interface DisplayRequest extends Omit<DeviceRequest, "video" | "audioId" | "videoId" | "facing" | "constraints"> {
  constraints?: DisplayMediaStreamOptions;
}

/** The usual sizes of pictures, by the names that janus.js gives them. */
export const resolutions = {
  lowres: { width: 320, height: 240 },
  "lowres-16:9": { width: 320, height: 180 },
  stdres: { width: 640, height: 480 },
  "stdres-16:9": { width: 640, height: 360 },
  hires: { width: 1280, height: 720 },
  fhdres: { width: 1920, height: 1080 },
  "4kres": { width: 3840, height: 2160 },
} as const;
