import { Remote, type CallOptions } from "./runtime.js";
import type { Source } from "./source.js";
import type { RecordStats } from "./types.js";

/** Where a remote track can go. */
export abstract class Sink extends Remote implements AsyncDisposable {
  /** Ends the sink. */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    await this.ask("sink.close");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Plays tracks in an element of the page: attach the picture and the sound that
 * belong together to the same one. `Bifrons.element` makes it.
 */
export class ElementSink extends Sink {
  /** Plays a source of this page, such as one's own camera, without its sound. Nothing: takes it away. */
  async show(source?: Source): Promise<void> {
    await this.ask("element.show", undefined, [source]);
    void source?.closed.then(() => this); // it lives as long as the source
  }

  /** Plays after a "media.blocked" event: call it when the user clicks. */
  play(options?: CallOptions): Promise<void> {
    return this.ask("element.play", undefined, [], options);
  }

  /** Turns the sound off, or on. */
  setMuted(muted: boolean): Promise<void> {
    return this.ask("element.muted", undefined, [muted]);
  }

  /** Sets the volume, 0 to 1. */
  setVolume(volume: number): Promise<void> {
    return this.ask("element.volume", undefined, [volume]);
  }

  /** Chooses the loudspeaker by its id; "" is the default one. */
  setOutput(id: string, options?: CallOptions): Promise<void> {
    return this.ask("element.output", undefined, [id], options);
  }
}

/** Writes one audio and one video track as a WebM file. `Bifrons.record` makes it. */
export class Recorder extends Sink {
  /** @internal */
  parts: Uint8Array<ArrayBuffer>[] = [];

  /** What was written so far. */
  stats(): Promise<RecordStats> {
    return this.ask("sink.stats");
  }

  /** Finishes the recording and returns it, if nobody else took what was written. */
  async finish(): Promise<Blob> {
    await this.close();
    return new Blob(this.parts, { type: "video/webm" });
  }
}
